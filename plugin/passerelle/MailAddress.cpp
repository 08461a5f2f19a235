#include "MailAddress.h"

#include "Poco/String.h"

#include <idn2.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

namespace passerelle {
namespace {

constexpr std::size_t kLongestLocalPart = 64;
constexpr std::size_t kLongestAddress = 254;

bool isLetterOrDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// What RFC 5322 lets stand without quotes; quoted ones nobody has.
bool isLocalPart(const std::string& text) {
    return !text.empty() && text.size() <= kLongestLocalPart && std::all_of(text.begin(), text.end(), [](char c) {
        return isLetterOrDigit(c) || (c != '\0' && std::strchr(".!#$%&'*+/=?^_`{|}~-", c) != nullptr);
    });
}

bool isDomain(const std::string& text) {
    return !text.empty() && isLetterOrDigit(text.front()) && isLetterOrDigit(text.back()) &&
           text.find("..") == std::string::npos &&
           std::all_of(text.begin(), text.end(), [](char c) { return isLetterOrDigit(c) || c == '.' || c == '-'; });
}

std::string asciiDomain(const std::string& domain) {
    if (std::all_of(domain.begin(), domain.end(), [](char c) { return c >= 0; })) return domain;
    char* encoded = nullptr;
    const int result = ::idn2_to_ascii_8z(domain.c_str(), &encoded, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    const std::unique_ptr<char, void (*)(void*)> owner(encoded, &::idn2_free);
    return result == IDN2_OK ? encoded : "";
}

}  // namespace

std::optional<std::string> usableAddress(const std::string& typed) {
    const std::string text = Poco::trim(typed);
    const auto at = text.rfind('@');
    if (at == std::string::npos) return std::nullopt;
    const std::string local = text.substr(0, at);
    const std::string domain = asciiDomain(text.substr(at + 1));
    if (!isLocalPart(local) || !isDomain(domain) || at + 1 + domain.size() > kLongestAddress) return std::nullopt;
    return local + '@' + domain;
}

std::string maskedAddress(const std::string& address) {
    const auto at = address.rfind('@');
    return address.substr(0, 1) + "…" + (at == std::string::npos ? "" : address.substr(at));
}

std::string withoutAddresses(const std::string& text) {
    constexpr std::string_view kEnds = " \t\r\n<>()[],;:\"";
    std::string masked;
    std::size_t from = 0;
    for (auto at = text.find('@'); at != std::string::npos; at = text.find('@', from)) {
        const auto end = at == 0 ? std::string::npos : text.find_last_of(kEnds, at - 1);
        const auto begin = std::max(from, end == std::string::npos ? 0 : end + 1);
        masked += text.substr(from, begin - from);
        // Half a character of UTF-8 would be none.
        if (begin < at && text[begin] > 0) masked += text[begin];
        masked += begin < at ? "…@" : "@";
        from = at + 1;
    }
    return masked + text.substr(from);
}

}  // namespace passerelle
