#include "conceal/SecretForms.h"

#include "Poco/Base64Encoder.h"

#include "Poco/HexBinaryEncoder.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <utility>

namespace carillon {
namespace {

constexpr std::size_t kBitsOfByte = 8;
constexpr std::size_t kBitsOfDigit = 6;

std::string base64(const std::string& bytes) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text);
    encoder.rdbuf()->setLineLength(0);
    encoder << bytes;
    encoder.close();
    return std::move(text).str();
}

/// As it comes when `before` bytes stand before it: without the digits that they are a part of.
SecretForm encoded(std::string_view secret, std::size_t before) {
    const std::size_t others = (before * kBitsOfByte + kBitsOfDigit - 1) / kBitsOfDigit;
    const std::size_t whole = (before + secret.size()) * kBitsOfByte / kBitsOfDigit;
    const std::string text = base64(std::string(before, '\0') + std::string(secret));
    return {text.substr(others), whole - others};
}

std::string hex(std::string_view bytes, bool upper) {
    std::ostringstream text;
    Poco::HexBinaryEncoder encoder(text);
    encoder.rdbuf()->setLineLength(0);
    encoder.rdbuf()->setUppercase(upper);
    encoder << bytes;
    encoder.close();
    return std::move(text).str();
}

/// As text of a web page is quoted: without tags, and with one blank for several.
std::string quoted(std::string_view text) {
    std::string line;
    bool inTag = false;
    for (const char c : text) {
        const bool isBlank = c == '<' || c == '>' || std::isspace(static_cast<unsigned char>(c)) != 0;
        inTag = c == '<' || (inTag && c != '>');
        if (!isBlank && !inTag) line += c;
        if (isBlank && !line.empty() && line.back() != ' ') line += ' ';
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line;
}

/// What is safe in an address (RFC 4648).
std::string urlAlphabet(std::string text) {
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

}  // namespace

std::vector<SecretForm> formsOf(std::string_view secret, std::size_t least) {
    std::vector<SecretForm> forms{{std::string(secret), secret.size()}};
    for (std::string text : {hex(secret, false), hex(secret, true), quoted(secret)})
        if (text != secret) forms.push_back({text, text.size()});
    for (std::size_t before = 0; before < 3; ++before) {
        SecretForm form = encoded(secret, before);
        std::string other = urlAlphabet(form.text);
        if (other != form.text) forms.push_back({std::move(other), form.whole});
        forms.push_back(std::move(form));
    }
    std::erase_if(forms, [least](const SecretForm& form) { return form.whole < least; });
    return forms;
}

}  // namespace carillon
