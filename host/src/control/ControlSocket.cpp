#include "control/ControlSocket.h"

#include "shared/TrustedPath.h"

#include "Poco/Exception.h"
#include "Poco/Net/NetException.h"
#include "Poco/Net/SocketAddress.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>

namespace carillon {
namespace {

using Poco::Net::SocketAddress;

/// The address of the socket. One in a deep folder is longer than an address may be: there is a shorter way to it, as
/// long as this object lives.
class Address {
public:
    explicit Address(const std::string& stateDir) : _path(controlPath(stateDir)) {
        if (_path.size() < sizeof(sockaddr_un::sun_path)) return;
        _folder = ::open(stateDir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
        _path = "/proc/self/fd/" + std::to_string(_folder) + "/carillon.sock";
    }
    Address(const Address&) = delete;
    Address& operator=(const Address&) = delete;
    ~Address() {
        if (_folder >= 0) ::close(_folder);
    }
    SocketAddress get() const { return SocketAddress(SocketAddress::UNIX_LOCAL, _path); }
    const std::string& path() const { return _path; }

private:
    std::string _path;
    int _folder = -1;
};

}  // namespace

std::string controlPath(const std::string& stateDir) {
    return stateDir + "/carillon.sock";
}

Poco::Net::ServerSocket listenForControl(const std::string& stateDir) {
    const Address address(stateDir);
    ::unlink(address.path().c_str());
    Poco::Net::ServerSocket socket;
    const mode_t before = ::umask(0177);  // the socket is there from bind on
    try {
        socket.bind(address.get());
    } catch (...) {
        ::umask(before);
        throw;
    }
    ::umask(before);
    socket.listen();
    return socket;
}

std::optional<Poco::Net::StreamSocket> connectToHost(const std::string& stateDir) {
    if (const std::string refusal = trustedPath(stateDir, O_PATH | O_DIRECTORY).refusal(); !refusal.empty())
        throw Poco::FileException(stateDir + ": " + refusal);
    if (::access(controlPath(stateDir).c_str(), F_OK) != 0) return std::nullopt;
    try {
        const Address address(stateDir);
        return Poco::Net::StreamSocket(address.get());
    } catch (const Poco::Exception&) {  // one that a host left behind
        return std::nullopt;
    }
}

bool LineSocket::send(const std::string& line) {
    const std::string bytes = line + '\n';
    try {
        for (std::size_t sent = 0; sent < bytes.size();)
            sent +=
                static_cast<std::size_t>(_socket.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent)));
        return true;
    } catch (const Poco::Exception&) {
        return false;
    }
}

LineSocket::Received LineSocket::receive(std::string& line, std::chrono::milliseconds limit) {
    if (takeLine(line)) return Received::Line;
    try {
        const Poco::Timespan wait(std::chrono::microseconds(limit).count());
        if (!_socket.poll(wait, Poco::Net::Socket::SELECT_READ)) return Received::Nothing;
        std::array<char, 65536> block{};
        const int n = _socket.receiveBytes(block.data(), static_cast<int>(block.size()));
        if (n <= 0 || _buffer.size() > kLongestLine) return Received::End;
        _buffer.append(block.data(), static_cast<std::size_t>(n));
    } catch (const Poco::Exception&) {
        return Received::End;
    }
    return takeLine(line) ? Received::Line : Received::Nothing;
}

bool LineSocket::takeLine(std::string& line) {
    const auto end = _buffer.find('\n');
    if (end == std::string::npos) return false;
    line = _buffer.substr(0, end);
    _buffer.erase(0, end + 1);
    return true;
}

}  // namespace carillon
