#include "platform/Sockets.h"

#include <poll.h>

namespace carillon {

bool awaitEnd(SocketHandle socket, std::chrono::milliseconds limit) {
    pollfd end{static_cast<int>(socket), POLLRDHUP, 0};
    return ::poll(&end, 1, static_cast<int>(limit.count())) > 0;
}

}  // namespace carillon
