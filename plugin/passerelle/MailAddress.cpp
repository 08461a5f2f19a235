#include "MailAddress.h"

#include "Poco/String.h"
#include "Poco/UTF8String.h"

#include <idn2.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

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

/// A letter or a digit, or a part of one beyond ASCII.
bool isOfWord(char c) {
    return isLetterOrDigit(c) || c < 0;
}

void appendWords(std::vector<std::string>& words, const std::string& text) {
    constexpr std::size_t kShortest = 3;  // in bytes; de, la and single letters stand in any sentence
    std::string word;
    for (const char c : text + ' ') {
        if (isOfWord(c))
            word += c;
        else if (!word.empty())
            words.push_back(std::exchange(word, ""));
    }
    std::erase_if(words, [](const std::string& each) { return each.size() < kShortest; });
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

std::string withoutPerson(const std::string& text, const std::string& address, const std::string& name) {
    std::vector<std::string> hidden;
    appendWords(hidden, name);
    appendWords(hidden, address.substr(0, address.rfind('@')));
    std::string masked;
    for (std::size_t at = 0; at < text.size();) {
        auto end = at;
        while (end < text.size() && isOfWord(text[end])) ++end;
        const std::string word = text.substr(at, end - at);
        const bool isHidden = std::any_of(hidden.begin(), hidden.end(), [&word](const std::string& each) {
            return Poco::UTF8::icompare(each, word) == 0;
        });
        masked += isHidden ? "…" : word;
        if (end < text.size()) masked += text[end++];
        at = end;
    }
    return masked;
}

}  // namespace passerelle
