#include "words/OddCharacter.h"

#include "base/TextFile.h"
#include "words/HostTexts.h"

#include "Poco/UTF8Encoding.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace carillon {
namespace {

struct OddCharacter {
    int first;
    int last;
    const char* name;
    const char* remedy;
};

constexpr const char* kWriteSpace = "write.space";
constexpr const char* kRemove = "write.nothing";
constexpr const char* kWriteDash = "write.dash";
constexpr const char* kWriteQuote = "write.quote";
constexpr const char* kWriteStar = "write.star";
constexpr const char* kWriteSlash = "write.slash";
constexpr const char* kWriteAscii = "write.ascii";

constexpr OddCharacter kOddCharacters[] = {{0x00, 0x1f, "odd.control", kRemove},
                                           {0x7f, 0x9f, "odd.control", kRemove},
                                           {0xa0, 0xa0, "odd.nobreak", kWriteSpace},
                                           {0xab, 0xab, "odd.quotation", kWriteQuote},
                                           {0xad, 0xad, "odd.softhyphen", kRemove},
                                           {0xbb, 0xbb, "odd.quotation", kWriteQuote},
                                           {0xd7, 0xd7, "odd.multiplication", kWriteStar},
                                           {0x61c, 0x61c, "odd.direction", kRemove},
                                           {0x1680, 0x1680, "odd.spacemark", kWriteSpace},
                                           {0x2000, 0x2006, "odd.widespace", kWriteSpace},
                                           {0x2007, 0x2007, "odd.figurespace", kWriteSpace},
                                           {0x2008, 0x200a, "odd.widespace", kWriteSpace},
                                           {0x200b, 0x200b, "odd.zerospace", kRemove},
                                           {0x200c, 0x200c, "odd.nonjoiner", kRemove},
                                           {0x200d, 0x200d, "odd.joiner", kRemove},
                                           {0x200e, 0x200f, "odd.direction", kRemove},
                                           {0x2010, 0x2010, "odd.hyphen", kWriteDash},
                                           {0x2011, 0x2011, "odd.nobreakhyphen", kWriteDash},
                                           {0x2012, 0x2012, "odd.figuredash", kWriteDash},
                                           {0x2013, 0x2013, "odd.endash", kWriteDash},
                                           {0x2014, 0x2015, "odd.emdash", kWriteDash},
                                           {0x2018, 0x201f, "odd.quotation", kWriteQuote},
                                           {0x2022, 0x2022, "odd.bullet", kWriteStar},
                                           {0x2028, 0x2029, "odd.lineseparator", kRemove},
                                           {0x202a, 0x202e, "odd.direction", kRemove},
                                           {0x202f, 0x202f, "odd.narrownobreak", kWriteSpace},
                                           {0x2032, 0x2036, "odd.prime", kWriteQuote},
                                           {0x2039, 0x203a, "odd.quotation", kWriteQuote},
                                           {0x2044, 0x2044, "odd.fractionslash", kWriteSlash},
                                           {0x204e, 0x204e, "odd.lowasterisk", kWriteStar},
                                           {0x205f, 0x205f, "odd.mathspace", kWriteSpace},
                                           {0x2060, 0x2064, "odd.wordjoiner", kRemove},
                                           {0x2066, 0x206f, "odd.direction", kRemove},
                                           {0x2212, 0x2212, "odd.minus", kWriteDash},
                                           {0x2215, 0x2215, "odd.divisionslash", kWriteSlash},
                                           {0x2217, 0x2217, "odd.asterisk", kWriteStar},
                                           {0x22c6, 0x22c6, "odd.staroperator", kWriteStar},
                                           {0x2605, 0x2606, "odd.star", kWriteStar},
                                           {0x2722, 0x274b, "odd.typostar", kWriteStar},
                                           {0x3000, 0x3000, "odd.ideographicspace", kWriteSpace},
                                           {0xfe00, 0xfe0f, "odd.variation", kRemove},
                                           {0xfe58, 0xfe58, "odd.smallemdash", kWriteDash},
                                           {0xfe63, 0xfe63, "odd.smallhyphen", kWriteDash},
                                           {0xfeff, 0xfeff, "odd.bom", kRemove},
                                           {0xff01, 0xff5e, "odd.fullwidth", "write.plain"}};

/// `U+00A0`
std::string codeOf(int character) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    std::string digits;
    for (auto rest = static_cast<unsigned>(character); rest > 0 || digits.size() < 4; rest /= 16)
        digits.insert(digits.begin(), kDigits[rest % 16]);
    return "U+" + digits;
}

/// After the last word before it.
Message placeBehind(std::string_view before) {
    constexpr std::size_t kLongestShown = 40;
    before = before.substr(0, before.find_last_not_of(" \t") + 1);
    before = before.substr(before.find_last_of(" \t") + 1);
    before = before.substr(before.size() - std::min(before.size(), kLongestShown));
    return before.empty() ? sayHost("odd.first") : sayHost("odd.after", {{"word", before}});
}

}  // namespace

Message describeOddCharacter(std::string_view text) {
    const auto isPlain = [](char c) { return (c >= ' ' && c < 0x7f) || c == '\t'; };
    const auto odd = std::find_if_not(text.begin(), text.end(), isPlain);
    if (odd == text.end()) return {};
    std::string_view rest = text.substr(static_cast<std::size_t>(odd - text.begin()));
    const Message place = placeBehind(text.substr(0, text.size() - rest.size()));
    rest = rest.substr(0, lengthOfCharacter(rest));
    if (rest.empty()) return sayHost("odd.byte", {{"place", place}, {"remedy", sayHost(kWriteAscii)}});
    const int code = Poco::UTF8Encoding().convert(reinterpret_cast<const unsigned char*>(rest.data()));
    const auto* const known = std::find_if(std::begin(kOddCharacters), std::end(kOddCharacters),
                                           [code](const auto& c) { return code >= c.first && code <= c.last; });
    const bool isKnown = known != std::end(kOddCharacters);
    return sayHost("odd.found", {{"code", codeOf(code)},
                                 {"name", isKnown ? sayHost(known->name) : Message("(" + std::string(rest) + ")")},
                                 {"place", place},
                                 {"remedy", sayHost(isKnown ? known->remedy : kWriteAscii)}});
}

Message oddCharacterHint(std::string_view text) {
    Message odd = describeOddCharacter(text);
    return odd.empty() ? odd : sayHost("odd.hint", {{"odd", std::move(odd)}});
}

}  // namespace carillon
