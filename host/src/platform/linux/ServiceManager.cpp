#include "platform/ServiceManager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace carillon {
namespace {

std::string takeVariable(const char* name) {
    const char* value = std::getenv(name);
    const std::string text = value == nullptr ? "" : value;
    ::unsetenv(name);
    return text;
}

}  // namespace

ServiceManager::ServiceManager() : _socket(takeVariable("NOTIFY_SOCKET")) {
    const std::string microseconds = takeVariable("WATCHDOG_USEC");
    if (!microseconds.empty()) _watchdog = std::chrono::microseconds(std::atoll(microseconds.c_str()));
}

void ServiceManager::tellReady(const std::string& status) const {
    tell("READY=1" + (status.empty() ? "" : "\nSTATUS=" + status));
}

void ServiceManager::tellReloading() const {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    tell("RELOADING=1\nMONOTONIC_USEC=" +
         std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(now).count()));
}

void ServiceManager::tellEnding() const {
    tell("STOPPING=1");
}

void ServiceManager::tellAlive() const {
    tell("WATCHDOG=1");
}

void ServiceManager::tell(const std::string& state) const {
    sockaddr_un address{};
    if (_socket.empty() || _socket.size() >= sizeof address.sun_path) return;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, _socket.data(), _socket.size());
    if (_socket.front() == '@') address.sun_path[0] = '\0';  // a name that is in no folder
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return;
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + _socket.size());
    // A manager that does not listen is no reason to stop.
    [[maybe_unused]] const auto sent =
        ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), length);
    ::close(socket);
}

}  // namespace carillon
