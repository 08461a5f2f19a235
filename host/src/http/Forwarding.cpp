#include "http/Forwarding.h"

#include "Poco/String.h"
#include "Poco/StringTokenizer.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace carillon {
namespace {

using Poco::Net::IPAddress;

/// What proxies add, each its own choice of these.
bool isAddedByProxies(const std::string& name) {
    constexpr const char* kPrefix = "X-Forwarded-";
    constexpr const char* kNames[] = {"Forwarded",           "Via",
                                      "X-Real-IP",           "X-Client-IP",
                                      "X-Cluster-Client-IP", "X-Original-Forwarded-For",
                                      "True-Client-IP",      "CF-Connecting-IP",
                                      "Fastly-Client-IP"};
    const auto isName = [&name](const char* known) { return Poco::icompare(name, known) == 0; };
    return Poco::icompare(name.substr(0, std::string(kPrefix).size()), kPrefix) == 0 ||
           std::any_of(std::begin(kNames), std::end(kNames), isName);
}

/// The values of all headers of that name, which together are one list.
std::vector<std::string> listOf(const HttpRequest& request, const char* name) {
    std::vector<std::string> values;
    for (const auto& [key, value] : request.headers) {
        if (Poco::icompare(key, name) != 0) continue;
        const Poco::StringTokenizer parts(value, ",", Poco::StringTokenizer::TOK_TRIM);
        values.insert(values.end(), parts.begin(), parts.end());
    }
    return values;
}

}  // namespace

void Forwarding::settle(HttpRequest& request) const {
    request.peer = plainAddress(request.peer);
    const auto& headers = request.headers;
    // A proxy that adds nothing speaks HTTP/1.0, as nginx does unless it is told; people's browsers and programs do
    // not.
    request.isForwarded = !request.isHttp11 || std::any_of(headers.begin(), headers.end(), [](const auto& header) {
        return isAddedByProxies(header.first);
    });
    if (!trusts(request.peer)) return;
    request.isForwarded = true;
    request.peer = clientOf(request);
    if (const auto schemes = listOf(request, "X-Forwarded-Proto"); !schemes.empty())
        request.secure = Poco::icompare(schemes.back(), "https") == 0;
}

bool Forwarding::trusts(const IPAddress& address) const {
    return std::any_of(_trusted.begin(), _trusted.end(),
                       [&address](const auto& network) { return network.contains(address); });
}

// Each proxy adds on the right whom it was asked by: what stands left of an address that is not trusted is that one's
// own word.
IPAddress Forwarding::clientOf(const HttpRequest& request) const {
    IPAddress client = request.peer;
    const auto chain = listOf(request, "X-Forwarded-For");
    for (auto entry = chain.rbegin(); entry != chain.rend() && trusts(client); ++entry) {
        const auto address = parseAddress(*entry);
        if (!address) break;
        client = *address;
    }
    return client;
}

}  // namespace carillon
