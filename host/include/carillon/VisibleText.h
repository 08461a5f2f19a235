#pragma once

#include "Poco/UTF8Encoding.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace carillon {

/// A character and its length in UTF-8; a length of 0 for a byte that is not UTF-8.
struct TextCharacter {
    int code = 0;
    std::size_t length = 0;
};

/// `text` is not empty.
inline TextCharacter firstCharacter(std::string_view text) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (*bytes < 0x80) return {*bytes, 1};
    const int code = Poco::UTF8Encoding().queryConvert(bytes, static_cast<int>(std::min<std::size_t>(text.size(), 4)));
    if (code < 0) return {};
    return {code, code < 0x800 ? 2U : code < 0x10000 ? 3U : 4U};
}

/// Whether a character has no look of its own and changes how others are shown, or hides in them: controls of both
/// sets, separators of lines, marks of direction, blanks without a width, tags. Joiners stay: scripts and emoji need
/// them. A terminal, a log or a mail that is given one shows something else than it says.
constexpr bool isHidden(int code) {
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200e || code == 0x200f ||
           code == 0x200b || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x2069) ||
           code == 0xfeff || (code >= 0xe0000 && code < 0xe0080);
}

/// `\x1b`
inline void appendHex(std::string& out, char c) {
    constexpr char kDigits[] = "0123456789abcdef";
    out += "\\x";
    out += kDigits[(static_cast<unsigned char>(c) >> 4) & 0xf];
    out += kDigits[static_cast<unsigned char>(c) & 0xf];
}

/// `\u202e`, `\u{e0001}`
inline void appendCode(std::string& out, int code) {
    constexpr char kDigits[] = "0123456789abcdef";
    const bool isLong = code > 0xffff;
    out += isLong ? "\\u{" : "\\u";
    for (int shift = isLong ? 16 : 12; shift >= 0; shift -= 4) out += kDigits[(code >> shift) & 0xf];
    if (isLong) out += '}';
}

/// Appends the character or byte that `text` begins with, and returns its length: as it is, or one that is hidden or is
/// not UTF-8 as \n, \r, \t, \xNN (of ASCII, or a byte) or \uNNNN.
inline std::size_t appendVisible(std::string& out, std::string_view text) {
    const auto [code, length] = firstCharacter(text);
    if (length > 0 && !isHidden(code)) {
        out += text.substr(0, length);
        return length;
    }
    const char c = text.front();
    if (length > 1)
        appendCode(out, code);
    else if (c == '\n' || c == '\r' || c == '\t')
        out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
    else
        appendHex(out, c);
    return std::max<std::size_t>(length, 1);
}

/// A text as it may be shown to people: what is hidden in it is made visible, like appendVisible(); its lines and tabs
/// stay.
inline std::string visibleText(std::string_view text) {
    std::string visible;
    visible.reserve(text.size());
    while (!text.empty()) {
        const char c = text.front();
        const bool isPlain = (c >= ' ' && c < 0x7f) || c == '\n' || c == '\t';
        if (isPlain) visible += c;
        text.remove_prefix(isPlain ? 1 : appendVisible(visible, text));
    }
    return visible;
}

}  // namespace carillon
