#pragma once

#include "platform/User.h"

#include "Poco/Net/StreamSocket.h"

#include <optional>

namespace carillon {

/// Whose process has connected to a ControlChannel, as the system tells; nothing where it does not. Any thread.
std::optional<User> userOfPeer(const Poco::Net::StreamSocket& connection);

}  // namespace carillon
