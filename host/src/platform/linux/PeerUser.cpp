#include "platform/PeerUser.h"

#include <sys/socket.h>

namespace carillon {

std::optional<User> userOfPeer(const Poco::Net::StreamSocket& connection) {
    struct ucred peer {};
    socklen_t length = sizeof peer;
    if (::getsockopt(connection.impl()->sockfd(), SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return std::nullopt;
    return User{peer.uid};
}

}  // namespace carillon
