#include "config/HttpConfig.h"

#include "config/TrustedProxies.h"
#include "words/HostTexts.h"

#include "Poco/Net/IPAddress.h"
#include "Poco/StringTokenizer.h"
#include "Poco/URI.h"

#include <charconv>
#include <string_view>
#include <tuple>

namespace carillon {
namespace {

constexpr const char* kAddress = "http.address";
constexpr const char* kDefaultAddress = "127.0.0.1:8620";

/// False: it is no `ADDRESS:PORT`.
bool parseAddress(const std::string& text, HttpConfig& http) {
    const auto colon = text.rfind(':');
    if (colon == std::string::npos) return false;
    std::string host = text.substr(0, colon);
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    Poco::Net::IPAddress address;
    const std::string_view port = std::string_view(text).substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), http.port);
    if (error != std::errc{} || end != port.data() + port.size() || !Poco::Net::IPAddress::tryParse(host, address) ||
        bracketed != (address.family() == Poco::Net::IPAddress::IPv6))
        return false;
    http.host = host;
    return true;
}

std::string readUrl(ConfigReader& in) {
    std::string url = in.text("http.url", "");
    if (url.empty()) return url;
    const bool isWeb = url.starts_with("http://") || url.starts_with("https://");
    Poco::URI uri;
    try {
        uri = url;
    } catch (const Poco::SyntaxException&) {
    }
    if (!isWeb || uri.getHost().empty() || !uri.getUserInfo().empty() || !uri.getQuery().empty())
        in.fault("http.url", sayHost("hostfile.url"));
    while (url.ends_with('/')) url.pop_back();
    return url;
}

}  // namespace

bool HttpConfig::isLoopback() const {
    return listens() && Poco::Net::IPAddress(host).isLoopback();
}

HttpConfig readHttpConfig(ConfigReader& in) {
    HttpConfig http;
    const auto address = in.optionalText(kAddress);
    const std::string text = address ? *address : in.has(kAddress) ? "" : kDefaultAddress;
    if (!text.empty() && !parseAddress(text, http)) in.unexpected(kAddress, text, sayHost("wanted.address"));
    in.requireTrust("http.tls.certificate", http.certificate = in.path("http.tls.certificate", ""));
    in.requireSecrecy("http.tls.key", http.key = in.path("http.tls.key", ""));
    if (http.certificate.empty() != http.key.empty())
        in.fault(http.key.empty() ? "http.tls.key" : "http.tls.certificate", sayHost("hostfile.tlspair"));
    const Poco::StringTokenizer names(in.text("http.names", ""), ", ", Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    http.names.assign(names.begin(), names.end());
    http.url = readUrl(in);
    readTrustedProxies(in);  // who answers reads them again
    return http;
}

}  // namespace carillon
