#include "platform/Sockets.h"

#include <winsock2.h>

#include "windows/System.h"

#include <utility>

namespace carillon {
namespace {

SOCKET socketOf(SocketHandle socket) {
    return static_cast<SOCKET>(socket);
}

/// What of the events has come, within the limit.
short pollSocket(SocketHandle socket, short events, std::chrono::milliseconds limit) {
    WSAPOLLFD polled{socketOf(socket), events, 0};
    const int seen = ::WSAPoll(&polled, 1, static_cast<int>(waitTime(limit.count())));
    return seen > 0 ? polled.revents : static_cast<short>(0);
}

}  // namespace

bool awaitSocket(SocketHandle socket, SocketWish wish, std::chrono::milliseconds limit) {
    return pollSocket(socket, wish == SocketWish::Read ? POLLRDNORM : POLLWRNORM, limit) != 0;
}

bool awaitEnd(SocketHandle socket, std::chrono::milliseconds limit) {
    const short seen = pollSocket(socket, POLLRDNORM, limit);
    if (seen == 0) return false;
    char next = 0;
    if (::recv(socketOf(socket), &next, 1, MSG_PEEK) <= 0) return true;
    // Behind what nobody has read yet only a connection that was cut can be told.
    return pollSocket(socket, 0, limit) != 0;
}

/// Who waits in recv() is not woken by shutdown() alone.
void endConnection(SocketHandle socket) {
    ::shutdown(socketOf(socket), SD_BOTH);
    ::CancelIoEx(handleOf(socket), nullptr);
}

bool isAddressReuseSafe() {
    return false;
}

ConnectionHold::ConnectionHold(SocketHandle socket) {
    WSAPROTOCOL_INFOW known{};
    if (::WSADuplicateSocketW(socketOf(socket), ::GetCurrentProcessId(), &known) != 0) return;
    _socket = static_cast<SocketHandle>(::WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &known,
                                                     0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT));
}

ConnectionHold::ConnectionHold(ConnectionHold&& other) noexcept : _socket(std::exchange(other._socket, -1)) {}

ConnectionHold& ConnectionHold::operator=(ConnectionHold&& other) noexcept {
    std::swap(_socket, other._socket);
    return *this;
}

ConnectionHold::~ConnectionHold() {
    if (_socket >= 0) ::closesocket(socketOf(_socket));
}

void ConnectionHold::end() const {
    if (_socket >= 0) endConnection(_socket);
}

}  // namespace carillon
