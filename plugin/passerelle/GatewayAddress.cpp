#include "GatewayAddress.h"

#include "BacklogReader.h"
#include "Gateway.h"

#include "shared/Userinfo.h"

#include "Poco/Exception.h"
#include "Poco/NumberFormatter.h"
#include "Poco/String.h"
#include "Poco/URI.h"

#include <idn2.h>

#include <cstring>
#include <memory>

namespace passerelle {
namespace {

constexpr const char* kForbiddenInNames = "\"#%/:<>?@[\\]^`{|}";

bool isPlainName(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
}

[[noreturn]] void refuse(const std::string& typed, const char* code, const std::string& why = {}) {
    throw GatewayRefused(say(code, {{"address", shownAddress(typed)}, {"why", why}}));
}

Poco::URI parse(const std::string& typed) {
    // Before all: what is refused is shown.
    if (hasControlCharacter(typed)) throw GatewayRefused(say("address.control"));
    Poco::URI uri;
    try {
        uri = Poco::URI(typed);
    } catch (const Poco::Exception&) {
        if (typed.find('@') == std::string::npos) refuse(typed, "address.nourl");
    }
    const auto authority = typed.substr(0, typed.find_first_of("/?#", typed.find("://") + 3));
    if (!uri.getUserInfo().empty() || authority.find('@') != std::string::npos)
        throw GatewayRefused(say("address.user"));
    if ((uri.getScheme() != "http" && uri.getScheme() != "https") || uri.getHost().empty())
        refuse(typed, "address.nourl");
    return uri;
}

/// IDNA2008 as UTS #46 reads it, non-transitional: what browsers and curl do.
std::string asciiName(const std::string& typed, const std::string& name) {
    if (isPlainName(name)) {
        if (name.find_first_of(kForbiddenInNames) != std::string::npos || name.find(' ') != std::string::npos)
            refuse(typed, "address.character");
        return name;
    }
    char* encoded = nullptr;
    const int result = ::idn2_to_ascii_8z(name.c_str(), &encoded, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    const std::unique_ptr<char, void (*)(void*)> owner(encoded, &::idn2_free);
    if (result != IDN2_OK) refuse(typed, "address.ascii", ::idn2_strerror(result));
    return encoded;
}

/// What no path may hold as it is. Poco's own encodes more, and the address would no longer be the one that the
/// database knows.
std::string percentEncoded(const std::string& path) {
    std::string encoded;
    for (const char c : path) {
        const bool isPlain = c > ' ' && c != 0x7f && std::strchr("\"#%<>?[\\]^`{|}", c) == nullptr;
        encoded +=
            isPlain ? std::string(1, c) : '%' + Poco::NumberFormatter::formatHex(static_cast<unsigned char>(c), 2);
    }
    return encoded;
}

}  // namespace

GatewayAddress::GatewayAddress(const std::string& typed) {
    const Poco::URI uri = parse(typed);
    const bool isAddress = uri.getHost().find(':') != std::string::npos;
    _scheme = uri.getScheme();
    _host = isAddress ? uri.getHost() : asciiName(typed, uri.getHost());
    _port = uri.getPort();
    _hasOwnPort = _port != (isEncrypted() ? 443 : 80);
    std::string path = uri.getPath();
    while (path.ends_with('/')) path.pop_back();
    _path = percentEncoded(path);
    if (const auto length = text().size(); length > kLongest)
        throw GatewayRefused(say(
            "address.long", {{"address", shownAddress(typed.substr(0, 60) + "…")}, {"n", length}, {"most", kLongest}}));
}

std::string GatewayAddress::authority() const {
    const std::string host = _host.find(':') == std::string::npos ? _host : '[' + _host + ']';
    return _hasOwnPort ? host + ':' + std::to_string(_port) : host;
}

std::string shownAddress(const std::string& typed) {
    const std::string shown = carillon::withoutUserinfo(typed);
    if (shown != typed) return shown;
    // Written in no way that a URL is.
    const auto at = typed.rfind('@');
    return at == std::string::npos ? typed : std::string(carillon::kConcealed) + typed.substr(at);
}

std::optional<GatewayAddress> movedTo(const GatewayAddress& from, const std::string& call,
                                      const std::string& location) {
    try {
        Poco::URI target(from.text() + call);
        target.resolve(location);
        const std::string path = target.getPathEtc();
        // The whole gateway has moved, or this is something else.
        if (!target.getUserInfo().empty() || !path.ends_with(call)) return std::nullopt;
        GatewayAddress to(target.getScheme() + "://" + target.getAuthority() +
                          path.substr(0, path.size() - call.size()));
        const bool isSameDoor = to.scheme() == from.scheme() && to.port() == from.port();
        const bool isSafer = to.isEncrypted() && !from.isEncrypted();
        if (Poco::icompare(to.host(), from.host()) != 0 || !(isSameDoor || isSafer)) return std::nullopt;
        if (isSameDoor && to.path() == from.path()) return std::nullopt;
        return to;
    } catch (const Poco::Exception&) {  // an address that cannot be read, or used
        return std::nullopt;
    }
}

Message adviceOnRedirect(const GatewayAddress& from, const std::string& call, const std::string& location) {
    if (from.isEncrypted() && Poco::icompare(location, 0, 7, std::string("http://")) == 0)
        return say("redirect.unencrypted");
    if (!location.ends_with(call)) return say("redirect.seeaddress");
    return say("redirect.moved", {{"to", excerpt(location.substr(0, location.size() - call.size()))}});
}

}  // namespace passerelle
