#include "platform/ControlChannel.h"

#include "platform/FileRights.h"
#include "posix/ControlAddress.h"

#include "Poco/Exception.h"
#include "Poco/Net/SocketAddress.h"

#include <sys/stat.h>
#include <unistd.h>

namespace carillon {
namespace {

std::string socketPath(const std::string& stateDir) {
    return stateDir + "/carillon.sock";
}

std::optional<FileIdentity> fileAt(const std::string& path) {
    const auto facts = factsOf(path);
    return facts ? std::optional(facts->identity) : std::nullopt;
}

Poco::Net::SocketAddress addressOf(const ControlAddress& address) {
    return {Poco::Net::SocketAddress::UNIX_LOCAL, address.path()};
}

}  // namespace

ControlChannel::ControlChannel(const std::string& stateDir) : _path(socketPath(stateDir)) {
    const ControlAddress address(stateDir, _path);
    ::unlink(address.path().c_str());
    const mode_t before = ::umask(0177);  // the socket is there from bind on
    try {
        _socket.bind(addressOf(address));
    } catch (...) {
        ::umask(before);
        throw;
    }
    ::umask(before);
    _socket.listen();
    _file = fileAt(_path);
}

/// The rights of the socket have said so.
bool ControlChannel::admits(Poco::Net::StreamSocket&, std::chrono::milliseconds) const {
    return true;
}

void ControlChannel::leave() {
    if (fileAt(_path) == _file) ::unlink(_path.c_str());
}

std::optional<Poco::Net::StreamSocket> connectToControl(const std::string& stateDir) {
    if (const Message refusal = trustedPath(stateDir, Opening::LookFolder).refusal(); !refusal.empty())
        throw Poco::FileException(stateDir + ": " + refusal.text);
    if (::access(socketPath(stateDir).c_str(), F_OK) != 0) return std::nullopt;
    try {
        const ControlAddress address(stateDir, socketPath(stateDir));
        return Poco::Net::StreamSocket(addressOf(address));
    } catch (const Poco::Exception&) {  // one that a host left behind
        return std::nullopt;
    }
}

}  // namespace carillon
