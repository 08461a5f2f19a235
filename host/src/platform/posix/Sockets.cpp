#include "platform/Sockets.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace carillon {

bool awaitSocket(SocketHandle socket, SocketWish wish, std::chrono::milliseconds limit) {
    pollfd wanted{static_cast<int>(socket), static_cast<short>(wish == SocketWish::Read ? POLLIN : POLLOUT), 0};
    return ::poll(&wanted, 1, static_cast<int>(limit.count())) > 0;
}

void endConnection(SocketHandle socket) {
    ::shutdown(static_cast<int>(socket), SHUT_RDWR);
}

bool isAddressReuseSafe() {
    return true;
}

ConnectionHold::ConnectionHold(SocketHandle socket) : _socket(::fcntl(static_cast<int>(socket), F_DUPFD_CLOEXEC, 0)) {}

ConnectionHold::ConnectionHold(ConnectionHold&& other) noexcept : _socket(std::exchange(other._socket, -1)) {}

ConnectionHold& ConnectionHold::operator=(ConnectionHold&& other) noexcept {
    std::swap(_socket, other._socket);
    return *this;
}

ConnectionHold::~ConnectionHold() {
    if (_socket >= 0) ::close(static_cast<int>(_socket));
}

void ConnectionHold::end() const {
    if (_socket >= 0) endConnection(_socket);
}

}  // namespace carillon
