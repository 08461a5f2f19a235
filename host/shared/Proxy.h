#pragma once

#include "Poco/Exception.h"
#include "Poco/NumberParser.h"
#include "Poco/String.h"
#include "Poco/URI.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace carillon {

/// An HTTP proxy: the machines of many town halls reach the Internet by one only.
struct Proxy {
    static constexpr std::uint16_t kDefaultPort = 1080;  ///< As curl has it.

    std::string host{};  ///< A name, or an address without brackets.
    std::uint16_t port = kDefaultPort;
    std::string user{};      ///< Empty: it asks for none.
    std::string password{};  ///< A secret.
    std::string origin{};    ///< What named it: a variable, or a key of the configuration.

    /// For people: without the password.
    std::string name() const {
        return (host.find(':') == std::string::npos ? host : '[' + host + ']') + ':' + std::to_string(port) + " of " +
               origin;
    }
};

/// `[http://][user:password@]host[:port][/]`, as curl reads it. Throws Poco::SyntaxException: what is wrong, as the
/// rest of a sentence that begins with the origin, and without the password.
inline Proxy parseProxy(const std::string& text, const std::string& origin) {
    const auto refuse = [](const std::string& problem) {
        throw Poco::SyntaxException(problem + ", expected http://HOST:PORT or http://USER:PASSWORD@HOST:PORT");
    };
    std::string rest = Poco::trim(text);
    if (const auto end = rest.find("://"); end != std::string::npos) {
        if (const std::string scheme = Poco::toLower(rest.substr(0, end)); scheme != "http")
            refuse(" names a proxy of the kind " + scheme + "://");
        rest.erase(0, end + 3);
    }
    Proxy proxy{.origin = origin};
    // The last one: a password may hold another.
    if (const auto at = rest.rfind('@'); at != std::string::npos) {
        const std::string account = rest.substr(0, at);
        const auto colon = std::min(account.find(':'), account.size());
        try {
            Poco::URI::decode(account.substr(0, colon), proxy.user);
            if (colon < account.size()) Poco::URI::decode(account.substr(colon + 1), proxy.password);
        } catch (const Poco::Exception&) {
            refuse(" holds a % that two hexadecimal digits do not follow (write %25)");
        }
        rest.erase(0, at + 1);
    }
    rest.erase(std::min(rest.find_first_of("/?#"), rest.size()));
    const auto bracket = rest.starts_with('[') ? rest.find(']') : std::string::npos;
    const auto colon = rest.find(':', bracket == std::string::npos ? 0 : bracket);
    if (colon != std::string::npos) {
        unsigned port = 0;
        if (!Poco::NumberParser::tryParseUnsigned(rest.substr(colon + 1), port) || port < 1 || port > 65'535)
            refuse(" has no port from 1 to 65535 after the proxy's host");
        proxy.port = static_cast<std::uint16_t>(port);
        rest.erase(colon);
    }
    proxy.host = bracket == std::string::npos ? rest : rest.substr(1, bracket - 1);
    const auto isOdd = [](unsigned char c) { return c <= ' ' || c >= 0x7f; };
    if (proxy.host.empty() || std::any_of(proxy.host.begin(), proxy.host.end(), isOdd))
        refuse(" names no host of a proxy");
    return proxy;
}

}  // namespace carillon
