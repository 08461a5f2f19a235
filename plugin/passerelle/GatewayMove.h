#pragma once

#include "GatewayAddress.h"

#include <optional>
#include <string>

namespace passerelle {

/// Where a gateway that redirects a call is now: elsewhere on its host, or there by https. Nothing: it leads to another
/// server, out of the encryption, to another program or back to where it was. `call` is the target below the address.
std::optional<GatewayAddress> movedTo(const GatewayAddress& from, const std::string& call, const std::string& location);

/// What to do about a redirect that is not followed.
std::string adviceOnRedirect(const GatewayAddress& from, const std::string& call, const std::string& location);

}  // namespace passerelle
