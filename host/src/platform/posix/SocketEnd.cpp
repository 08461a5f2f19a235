#include "platform/Sockets.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <thread>

namespace carillon {
namespace {

constexpr std::chrono::milliseconds kEndLook{50};  // while bytes wait behind which an end would be

/// Nothing to read is told from the end by a look at the next byte.
bool hasEnded(int socket) {
    char next = 0;
    return ::recv(socket, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

}  // namespace

bool awaitEnd(SocketHandle socket, std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        pollfd wanted{static_cast<int>(socket), POLLIN, 0};
        const bool seen = ::poll(&wanted, 1, static_cast<int>(std::max(left, left.zero()).count())) > 0;
        if (!seen) return false;
        if ((wanted.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0 || hasEnded(static_cast<int>(socket))) return true;
        if (left <= left.zero()) return false;
        std::this_thread::sleep_for(std::min(left, kEndLook));
    }
}

}  // namespace carillon
