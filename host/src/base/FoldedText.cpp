#include "base/FoldedText.h"

#include "Poco/UTF8Encoding.h"
#include "Poco/UTF8String.h"
#include "Poco/Unicode.h"

#include <algorithm>
#include <array>

namespace carillon {
namespace {

/// What stands for U+00C0 to U+017F, in small letters: the letters of Western and Central Europe. A dot: the character
/// itself.
constexpr std::string_view kPlainLetters =
    "aaaaaa.ceeeeiiii.nooooo.ouuuuy..aaaaaa.ceeeeiiii.nooooo.ouuuuy.y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkk.lllllll"
    "lllnnnnnn...oooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
constexpr int kFirstAccented = 0xc0;
static_assert(kPlainLetters.size() == 0x180 - kFirstAccented);

constexpr int kFirstMark = 0x300;  // of the accents that follow their letter
constexpr int kLastMark = 0x36f;

bool isAscii(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
}

constexpr char small(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// What a keyboard has for it; 0: nothing else.
constexpr char typedFor(int code) {
    switch (code) {
        case 0xa0:    // no-break space
        case 0x2009:  // thin space
        case 0x202f:  // narrow no-break space
            return ' ';
        case 0x2018:  // single quotation marks; the second is the apostrophe
        case 0x2019:
            return '\'';
        case 0x2010:  // hyphens and dashes
        case 0x2011:
        case 0x2013:
        case 0x2014:
        case 0x2212:  // minus
            return '-';
        default:
            return '\0';
    }
}

void append(std::string& to, int code) {
    if (code >= kFirstMark && code <= kLastMark) return;
    if (code == 0xdf) return static_cast<void>(to += "ss");
    if (code == 0xc6 || code == 0xe6) return static_cast<void>(to += "ae");
    if (code == 0x152 || code == 0x153) return static_cast<void>(to += "oe");
    if (const char typed = typedFor(code); typed != '\0') return static_cast<void>(to += typed);
    const auto place = static_cast<std::size_t>(code - kFirstAccented);
    if (code >= kFirstAccented && place < kPlainLetters.size() && kPlainLetters[place] != '.')
        return static_cast<void>(to += kPlainLetters[place]);
    std::array<unsigned char, 4> bytes{};
    const int count = Poco::UTF8Encoding().convert(Poco::Unicode::toLower(code), bytes.data(), bytes.size());
    for (int i = 0; i < count; ++i) to += static_cast<char>(bytes[static_cast<std::size_t>(i)]);
}

}  // namespace

std::string folded(std::string_view text) {
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
            result += code < 0 ? text.front() : small(text.front());
        else
            append(result, code);
        text.remove_prefix(code < 0 ? 1 : size);
    }
    return result;
}

bool hasFolded(std::string_view text, std::string_view word) {
    if (!isAscii(text)) return folded(text).find(word) != std::string::npos;
    // Without an allocation: a search looks at many thousand texts.
    return std::search(text.begin(), text.end(), word.begin(), word.end(),
                       [](char a, char b) { return small(a) == b; }) != text.end() ||
           word.empty();
}

}  // namespace carillon
