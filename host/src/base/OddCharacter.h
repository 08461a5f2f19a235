#pragma once

#include "base/TextFile.h"

#include "Poco/UTF8Encoding.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

namespace carillon {

/// Characters that look like one of a keyboard, or like nothing, as word processors and web pages put them in.
struct OddCharacter {
    int first;
    int last;
    const char* name;
    const char* remedy;
};

inline constexpr const char* kWriteSpace = "write a plain space";
inline constexpr const char* kRemove = "remove it";
inline constexpr const char* kWriteDash = "write a plain -";
inline constexpr const char* kWriteQuote = "write a plain quote, or none";
inline constexpr const char* kWriteStar = "write a plain *";

inline constexpr OddCharacter kOddCharacters[] = {{0x00, 0x1f, "control character", kRemove},
                                                  {0x7f, 0x9f, "control character", kRemove},
                                                  {0xa0, 0xa0, "no-break space", kWriteSpace},
                                                  {0xab, 0xab, "quotation mark", kWriteQuote},
                                                  {0xad, 0xad, "soft hyphen", kRemove},
                                                  {0xbb, 0xbb, "quotation mark", kWriteQuote},
                                                  {0xd7, 0xd7, "multiplication sign", kWriteStar},
                                                  {0x61c, 0x61c, "mark of direction", kRemove},
                                                  {0x1680, 0x1680, "space mark", kWriteSpace},
                                                  {0x2000, 0x2006, "wide or narrow space", kWriteSpace},
                                                  {0x2007, 0x2007, "figure space", kWriteSpace},
                                                  {0x2008, 0x200a, "wide or narrow space", kWriteSpace},
                                                  {0x200b, 0x200b, "zero-width space", kRemove},
                                                  {0x200c, 0x200c, "zero-width non-joiner", kRemove},
                                                  {0x200d, 0x200d, "zero-width joiner", kRemove},
                                                  {0x200e, 0x200f, "mark of direction", kRemove},
                                                  {0x2010, 0x2010, "typographic hyphen", kWriteDash},
                                                  {0x2011, 0x2011, "no-break hyphen", kWriteDash},
                                                  {0x2012, 0x2012, "figure dash", kWriteDash},
                                                  {0x2013, 0x2013, "en dash", kWriteDash},
                                                  {0x2014, 0x2015, "em dash", kWriteDash},
                                                  {0x2018, 0x201f, "quotation mark", kWriteQuote},
                                                  {0x2022, 0x2022, "bullet", kWriteStar},
                                                  {0x2028, 0x2029, "line separator", kRemove},
                                                  {0x202a, 0x202e, "mark of direction", kRemove},
                                                  {0x202f, 0x202f, "narrow no-break space", kWriteSpace},
                                                  {0x2032, 0x2036, "prime", kWriteQuote},
                                                  {0x2039, 0x203a, "quotation mark", kWriteQuote},
                                                  {0x2044, 0x2044, "fraction slash", "write a plain /"},
                                                  {0x204e, 0x204e, "low asterisk", kWriteStar},
                                                  {0x205f, 0x205f, "mathematical space", kWriteSpace},
                                                  {0x2060, 0x2064, "word joiner", kRemove},
                                                  {0x2066, 0x206f, "mark of direction", kRemove},
                                                  {0x2212, 0x2212, "minus sign", kWriteDash},
                                                  {0x2215, 0x2215, "division slash", "write a plain /"},
                                                  {0x2217, 0x2217, "asterisk operator", kWriteStar},
                                                  {0x22c6, 0x22c6, "star operator", kWriteStar},
                                                  {0x2605, 0x2606, "star", kWriteStar},
                                                  {0x2722, 0x274b, "typographic star", kWriteStar},
                                                  {0x3000, 0x3000, "ideographic space", kWriteSpace},
                                                  {0xfe00, 0xfe0f, "variation selector", kRemove},
                                                  {0xfe58, 0xfe58, "small em dash", kWriteDash},
                                                  {0xfe63, 0xfe63, "small hyphen", kWriteDash},
                                                  {0xfeff, 0xfeff, "byte order mark", kRemove},
                                                  {0xff01, 0xff5e, "full-width character", "write the plain one"}};

/// `U+00A0`
inline std::string codeOf(int character) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    std::string digits;
    for (auto rest = static_cast<unsigned>(character); rest > 0 || digits.size() < 4; rest /= 16)
        digits.insert(digits.begin(), kDigits[rest % 16]);
    return "U+" + digits;
}

/// The first character of a key, number, schedule or name that is neither of ASCII nor a blank, its place, and what to
/// write instead: `U+00A0 no-break space after */5; write a plain space`. Empty: there is none.
inline std::string describeOddCharacter(std::string_view text) {
    constexpr std::size_t kLongestShown = 40;
    const auto isPlain = [](char c) { return (c >= ' ' && c < 0x7f) || c == '\t'; };
    const auto odd = std::find_if_not(text.begin(), text.end(), isPlain);
    if (odd == text.end()) return "";
    std::string_view rest = text.substr(static_cast<std::size_t>(odd - text.begin()));
    std::string_view word = text.substr(0, text.size() - rest.size());
    word = word.substr(0, word.find_last_not_of(" \t") + 1);
    word = word.substr(word.find_last_of(" \t") + 1);
    word = word.substr(word.size() - std::min(word.size(), kLongestShown));
    const std::string place = word.empty() ? " at the beginning" : " after " + std::string(word);
    rest = rest.substr(0, lengthOfCharacter(rest));
    if (rest.empty()) return "a byte that is not UTF-8" + place + "; write plain ASCII";
    const int code = Poco::UTF8Encoding().convert(reinterpret_cast<const unsigned char*>(rest.data()));
    const auto* const known = std::find_if(std::begin(kOddCharacters), std::end(kOddCharacters),
                                           [code](const auto& c) { return code >= c.first && code <= c.last; });
    if (known == std::end(kOddCharacters))
        return codeOf(code) + " (" + std::string(rest) + ")" + place + "; write plain ASCII";
    return codeOf(code) + " " + known->name + place + "; " + known->remedy;
}

/// The same as the end of a message about `text`: `: it has U+00A0 …`. Empty: there is none.
inline std::string oddCharacterHint(std::string_view text) {
    const std::string odd = describeOddCharacter(text);
    return odd.empty() ? "" : ": it has " + odd;
}

}  // namespace carillon
