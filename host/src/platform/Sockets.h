#pragma once

#include "platform/OpenFile.h"

#include <chrono>
#include <cstdint>

namespace carillon {

/// A socket as Poco's SocketImpl::sockfd() gives it.
using SocketHandle = std::intptr_t;

enum class SocketWish { Read, Write };

/// Whether that can be done without waiting, or the socket has ended or failed; waits so long for it, or less when a
/// signal comes.
bool awaitSocket(SocketHandle socket, SocketWish wish, std::chrono::milliseconds limit);

/// Whether a server that marks its address for reuse can only be started again at once. Else other programs could take
/// the port beside it, and it can be started again without.
bool isAddressReuseSafe();

/// Whether the other side of a connection, or this one, has ended it; waits so long for it. What the other side sent
/// before and nobody has read does not count. Never reads.
bool awaitEnd(SocketHandle socket, std::chrono::milliseconds limit);

/// Ends a connection in both directions and wakes whoever reads or writes. Does not close it. Any thread.
void endConnection(SocketHandle socket);

/// A connection that another thread may end: who has the socket itself may close it at any time.
class ConnectionHold {
public:
    ConnectionHold() = default;
    explicit ConnectionHold(SocketHandle socket);
    ConnectionHold(ConnectionHold&& other) noexcept;
    ConnectionHold& operator=(ConnectionHold&& other) noexcept;
    ~ConnectionHold();

    /// As endConnection(); nothing when it holds none.
    void end() const;

private:
    SocketHandle _socket = -1;
};

}  // namespace carillon
