#pragma once

#include "Poco/UTF8Encoding.h"
#include "Poco/Unicode.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace carillon {

namespace folding {

/// What stands for U+00C0 to U+017F, in small letters: the letters of Western and Central Europe. A dot: the character
/// itself.
inline constexpr std::string_view kPlainLetters =
    "aaaaaa.ceeeeiiii.nooooo.ouuuuy..aaaaaa.ceeeeiiii.nooooo.ouuuuy.y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkk.lllllll"
    "lllnnnnnn...oooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
inline constexpr int kFirstAccented = 0xc0;
static_assert(kPlainLetters.size() == 0x180 - kFirstAccented);

inline constexpr int kFirstMark = 0x300;  // of the accents that follow their letter
inline constexpr int kLastMark = 0x36f;

inline bool isAscii(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
}

constexpr char small(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// What is typed in place of a character that a keyboard lacks, or that looks like another one; empty: it is itself.
constexpr std::string_view typedAs(int code) {
    switch (code) {
        case 0xdf:  // ß
            return "ss";
        case 0xc6:  // Æ
        case 0xe6:
            return "ae";
        case 0x152:  // Œ
        case 0x153:
            return "oe";
        case 0x2018:  // apostrophes
        case 0x2019:
        case 0x2bc:
            return "'";
        case 0x2010:  // hyphens, dashes and minus
        case 0x2011:
        case 0x2013:
        case 0x2014:
        case 0x2212:
            return "-";
        case 0xa0:  // blanks that do not break, or are thin
        case 0x2007:
        case 0x2009:
        case 0x202f:
            return " ";
        default:
            return {};
    }
}

inline void append(std::string& to, int code) {
    if (code >= kFirstMark && code <= kLastMark) return;
    if (const auto typed = typedAs(code); !typed.empty()) return static_cast<void>(to += typed);
    const auto place = static_cast<std::size_t>(code - kFirstAccented);
    if (code >= kFirstAccented && place < kPlainLetters.size() && kPlainLetters[place] != '.')
        return static_cast<void>(to += kPlainLetters[place]);
    std::array<unsigned char, 4> bytes{};
    const int count = Poco::UTF8Encoding().convert(Poco::Unicode::toLower(code), bytes.data(), bytes.size());
    for (int i = 0; i < count; ++i) to += static_cast<char>(bytes[static_cast<std::size_t>(i)]);
}

}  // namespace folding

/// A text as people look for it: small letters for capital ones, letters without their accents, `oe` for `œ`, and
/// apostrophes, hyphens and blanks as keyboards have them. UTF-8; a byte that is none stays as it is.
inline std::string folded(std::string_view text) {
    const Poco::UTF8Encoding utf8;
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
        const int length = static_cast<unsigned char>(text.front()) < 0x80 ? 1 : utf8.characterMap()[*bytes];
        // Of a character of n bytes the map has -n.
        const auto size = static_cast<std::size_t>(length < 0 ? -length : 1);
        const int code = size <= text.size() ? utf8.queryConvert(bytes, static_cast<int>(size)) : -1;
        if (code < 0x80)
            result += code < 0 ? text.front() : folding::small(text.front());
        else
            folding::append(result, code);
        text.remove_prefix(code < 0 ? 1 : size);
    }
    return result;
}

/// Whether the text has the word in it, which is folded() already; each text has an empty one.
inline bool hasFolded(std::string_view text, std::string_view word) {
    if (!folding::isAscii(text)) return folded(text).find(word) != std::string::npos;
    // Without an allocation: a search looks at many thousand texts.
    return std::search(text.begin(), text.end(), word.begin(), word.end(),
                       [](char a, char b) { return folding::small(a) == b; }) != text.end() ||
           word.empty();
}

/// A name as people look for it: folded(), without what some write and others leave out: blanks, hyphens and
/// apostrophes. `dupre` is in `Dupré`, `l'hay` in `L’Haÿ`, `jean pierre` in `Jean-Pierre`.
inline std::string foldedName(std::string_view name) {
    std::string key = folded(name);
    std::erase_if(key, [](char c) { return c == ' ' || c == '\t' || c == '-' || c == '\''; });
    return key;
}

}  // namespace carillon
