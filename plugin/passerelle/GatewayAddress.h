#pragma once

#include "Texts.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace passerelle {

/// Where the gateway is, as requests write it: whoever types the address may use accents and spaces. Immutable.
class GatewayAddress {
public:
    /// The database holds no longer one.
    static constexpr std::size_t kLongest = 255;

    /// `http://` or `https://`, a host, and where it is not at the root its path; a last slash, a query or a fragment
    /// counts for nothing. Throws GatewayRefused with a sentence for anything else.
    explicit GatewayAddress(const std::string& typed);

    bool isEncrypted() const { return _scheme == "https"; }
    const std::string& scheme() const { return _scheme; }
    /// A name in ASCII (punycode where it was typed otherwise), or an address without brackets.
    const std::string& host() const { return _host; }
    std::uint16_t port() const { return _port; }
    /// As the Host header has it: with brackets where they belong, and with a port that is not the scheme's own.
    std::string authority() const;
    /// Percent-encoded; empty for the root.
    const std::string& path() const { return _path; }
    /// All of it, in ASCII.
    std::string text() const { return _scheme + "://" + authority() + _path; }

private:
    std::string _scheme;
    std::string _host;
    std::uint16_t _port = 0;
    bool _hasOwnPort = false;
    std::string _path;
};

/// As neither an address nor the value of a header may.
inline bool hasControlCharacter(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
}

/// An address as it may be shown, whatever was typed: what may be a user and a password is concealed.
std::string shownAddress(const std::string& typed);

/// Where a gateway that redirects a call is now: elsewhere on its host, or there by https. Nothing: it leads to another
/// server, out of the encryption, to another program or back to where it was. `call` is the target below the address.
std::optional<GatewayAddress> movedTo(const GatewayAddress& from, const std::string& call, const std::string& location);

/// What to do about a redirect that is not followed.
Message adviceOnRedirect(const GatewayAddress& from, const std::string& call, const std::string& location);

}  // namespace passerelle
