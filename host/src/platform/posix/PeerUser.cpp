#include "platform/PeerUser.h"

namespace carillon {

/// POSIX has no way to ask.
std::optional<User> userOfPeer(const Poco::Net::StreamSocket&) {
    return std::nullopt;
}

}  // namespace carillon
