#pragma once

#include "Poco/Net/IPAddress.h"

#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// An address, or all that begin with the same bits.
class Network {
public:
    /// `192.0.2.7`, `10.0.0.0/8`, `fd00::/8`; nothing: it is none of these.
    static std::optional<Network> parse(std::string_view text);
    /// That address alone, or the network of so many bits that it is in; `bits` is not more than the address has.
    explicit Network(const Poco::Net::IPAddress& address) : Network(address, address.length() * 8U) {}
    Network(const Poco::Net::IPAddress& address, unsigned bits);

    bool contains(const Poco::Net::IPAddress& address) const;
    /// `10.0.0.0/8`
    std::string toString() const;

    bool operator==(const Network&) const = default;

private:
    Poco::Net::IPAddress _first{};  ///< With zeros behind the bits.
    unsigned _bits = 0;
};

/// An address of IPv4 that came in the form of IPv6 (`::ffff:192.0.2.7`) as itself; any other one as it is.
Poco::Net::IPAddress plainAddress(const Poco::Net::IPAddress& address);

/// An address in text, as headers have it: `192.0.2.7`, `192.0.2.7:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
std::optional<Poco::Net::IPAddress> parseAddress(std::string_view text);

}  // namespace carillon
