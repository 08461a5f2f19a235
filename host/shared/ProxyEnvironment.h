#pragma once

#include "shared/Proxy.h"

#include "Poco/Net/Net.h"  // before SocketDefs.h: it says whether there is IPv6
#include "Poco/Net/SocketDefs.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

namespace proxy_environment {

/// The value of a variable and its name; an empty one counts as none.
struct Variable {
    std::string name{};
    std::string value{};
};

inline std::optional<Variable> firstOf(std::initializer_list<std::string> names) {
    for (const auto& name : names)
        if (const char* value = std::getenv(name.c_str()); value != nullptr && *value != '\0')
            return Variable{name, value};
    return std::nullopt;
}

struct Address {
    std::array<unsigned char, 16> bytes{};  ///< The first ones count.
    std::size_t bits = 0;                   ///< 32 or 128.
};

/// Only what is whole: Poco also takes 10 for 0.0.0.10.
inline std::optional<Address> parseAddress(const std::string& text) {
    Address address;
    if (::inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) return address.bits = 32, address;
    if (::inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) return address.bits = 128, address;
    return std::nullopt;
}

/// Of the same kind, and equal in the first bits.
inline bool isWithin(const Address& address, const Address& network, std::size_t bits) {
    if (address.bits != network.bits || bits > network.bits) return false;
    if (std::memcmp(address.bytes.data(), network.bytes.data(), bits / 8) != 0) return false;
    if (bits % 8 == 0) return true;
    const unsigned differing = address.bytes[bits / 8] ^ network.bytes[bits / 8];
    return differing >> (8 - bits % 8) == 0;
}

/// The entry without the port that it may end with; nothing: the port is another one.
inline std::optional<std::string> withoutPort(const std::string& entry, std::uint16_t port) {
    const bool bracketed = entry.starts_with('[') && entry.find(']') != std::string::npos;
    const auto end = bracketed ? entry.find(']') + 1 : std::min(entry.find(':'), entry.size());
    // More colons than one: an address of IPv6, with no port.
    const bool hasPort = end < entry.size() && entry[end] == ':' && entry.find(':', end + 1) == std::string::npos;
    if (hasPort && entry.substr(end + 1) != std::to_string(port)) return std::nullopt;
    if (bracketed) return entry.substr(1, end - 2);
    return hasPort ? entry.substr(0, end) : entry;
}

inline bool isExemptedBy(const std::string& entry, const std::string& host, std::uint16_t port) {
    const auto given = withoutPort(entry, port);
    if (!given) return false;
    if (const auto address = parseAddress(host)) {
        const auto slash = given->find('/');
        const auto network = parseAddress(given->substr(0, slash));
        if (!network) return false;
        unsigned bits = static_cast<unsigned>(network->bits);
        if (slash != std::string::npos && !Poco::NumberParser::tryParseUnsigned(given->substr(slash + 1), bits))
            return false;
        return isWithin(*address, *network, bits);
    }
    std::string_view name = *given;
    if (name.starts_with("*.")) name.remove_prefix(1);
    if (name.starts_with('.')) name.remove_prefix(1);
    if (name.ends_with('.')) name.remove_suffix(1);
    if (name.empty() || !std::string_view(host).ends_with(name)) return false;
    return host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
}

}  // namespace proxy_environment

/// What no_proxy says of a host, a name in ASCII or an address without brackets: `*`, or names, domains with or without
/// a dot before them, addresses and networks such as 10.0.0.0/8, each with or without a port, parted by commas or
/// spaces.
inline bool isExemptFromProxy(std::string_view noProxy, std::string_view host, std::uint16_t port) {
    constexpr std::string_view kParting = ", \t";
    std::string name = Poco::toLower(std::string(host));
    if (name.ends_with('.')) name.pop_back();
    while (!noProxy.empty()) {
        const auto end = std::min(noProxy.find_first_of(kParting), noProxy.size());
        const std::string entry = Poco::toLower(std::string(noProxy.substr(0, end)));
        if (entry == "*" || (!entry.empty() && proxy_environment::isExemptedBy(entry, name, port))) return true;
        noProxy.remove_prefix(std::min(end + 1, noProxy.size()));
    }
    return false;
}

/// The proxy that the environment names for a server, read as curl reads it: http_proxy, https_proxy or HTTPS_PROXY,
/// else all_proxy or ALL_PROXY, unless no_proxy or NO_PROXY exempts the server. HTTP_PROXY counts for nothing: in a CGI
/// program a visitor sets it. `scheme` is http or https. Throws Poco::SyntaxException with a sentence for a variable
/// that cannot be used.
inline std::optional<Proxy> proxyOfEnvironment(const std::string& scheme, const std::string& host, std::uint16_t port) {
    using proxy_environment::firstOf;
    auto named = scheme == "https" ? firstOf({"https_proxy", "HTTPS_PROXY"}) : firstOf({"http_proxy"});
    if (!named) named = firstOf({"all_proxy", "ALL_PROXY"});
    if (!named) return std::nullopt;
    const auto exempt = firstOf({"no_proxy", "NO_PROXY"});
    if (exempt && isExemptFromProxy(exempt->value, host, port)) return std::nullopt;
    try {
        return parseProxy(named->value, named->name);
    } catch (const Poco::SyntaxException& e) {
        throw Poco::SyntaxException("the environment's " + named->name + e.message());
    }
}

}  // namespace carillon
