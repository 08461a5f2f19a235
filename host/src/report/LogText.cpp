#include "report/LogText.h"

#include "Poco/UTF8Encoding.h"

#include <algorithm>
#include <charconv>

namespace carillon {

LogCharacter firstCharacter(std::string_view text) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    const int code = Poco::UTF8Encoding().queryConvert(bytes, static_cast<int>(std::min<std::size_t>(text.size(), 4)));
    if (code < 0) return {};
    return {code, code < 0x80 ? 1U : code < 0x800 ? 2U : code < 0x10000 ? 3U : 4U};
}

bool isControl(int code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

void appendHex(std::string& out, char c) {
    constexpr char digits[] = "0123456789abcdef";
    out += "\\x";
    out += digits[(static_cast<unsigned char>(c) >> 4) & 0xf];
    out += digits[static_cast<unsigned char>(c) & 0xf];
}

std::string escape(std::string_view text, bool backslashes) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto [code, length] = firstCharacter(text);
        const bool kept = length > 0 && !isControl(code);
        const char c = text.front();
        if (kept && c == '\\' && backslashes) {
            out += "\\\\";
        } else if (kept) {
            out += text.substr(0, length);
        } else if (c == '\n' || c == '\r' || c == '\t') {
            out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
        } else {
            appendHex(out, c);
        }
        text.remove_prefix(kept ? length : 1);
    }
    return out;
}

std::string unescape(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto [byte, length] = readEscape(text);
        out += length > 0 ? byte : text.front();
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

std::pair<char, std::size_t> readEscape(std::string_view text) {
    constexpr std::pair<char, std::size_t> kNone{'\0', 0};
    if (text.size() < 2 || text[0] != '\\') return kNone;
    switch (text[1]) {
        case '\\':
        case '"':
            return {text[1], 2};
        case 'n':
            return {'\n', 2};
        case 'r':
            return {'\r', 2};
        case 't':
            return {'\t', 2};
        case 'x':
            break;
        default:
            return kNone;
    }
    if (text.size() < 4) return kNone;
    unsigned char value = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 4, value, 16);
    if (error != std::errc{} || end != text.data() + 4) return kNone;
    return {static_cast<char>(value), 4};
}

std::string toUtf8(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = firstCharacter(text).length;
        if (length == 0)
            appendHex(out, text.front());
        else
            out += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

}  // namespace carillon
