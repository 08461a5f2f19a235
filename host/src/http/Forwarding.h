#pragma once

#include "config/Network.h"
#include "http/HttpRequest.h"

#include <vector>

namespace carillon {

/// Whose request it is that came through a proxy. A proxy that is trusted is believed its `X-Forwarded-For`, read from
/// the right up to the first address that is none of a trusted one, and its `X-Forwarded-Proto`. Of any other nothing
/// is believed, but that there is one: such a request is nobody's on this machine. Any thread.
class Forwarding {
public:
    /// `trusted`: http.proxy.trusted.
    explicit Forwarding(std::vector<Network> trusted) : _trusted(std::move(trusted)) {}

    /// Sets peer, secure and isForwarded, from what the connection and the headers say.
    void settle(HttpRequest& request) const;

private:
    bool trusts(const Poco::Net::IPAddress& address) const;
    Poco::Net::IPAddress clientOf(const HttpRequest& request) const;

    const std::vector<Network> _trusted;
};

}  // namespace carillon
