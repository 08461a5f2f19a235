#include "JsonText.h"

#include <array>
#include <charconv>

namespace testgateway {

namespace {

using Byte = unsigned char;

constexpr std::array<bool, 256> kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t byte = 0x20; byte < 0x80; ++byte) plain[byte] = true;
    plain['"'] = plain['\\'] = plain['/'] = false;
    return plain;
}();

struct CodePoint {
    std::uint32_t value = 0xfffd;
    std::size_t length = 1;
};

CodePoint decodeUtf8(std::string_view text) {
    const auto byteAt = [text](std::size_t index) {
        return static_cast<std::uint32_t>(static_cast<Byte>(text[index]));
    };
    const std::uint32_t lead = byteAt(0);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (length == 1) return {lead, 1};
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
    std::uint32_t value = lead & (0x7fU >> length);
    for (std::size_t index = 1; index < length; ++index) {
        if ((byteAt(index) & 0xc0U) != 0x80U) return {};
        value = value << 6U | (byteAt(index) & 0x3fU);
    }
    constexpr std::array<std::uint32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < kSmallest[length] || value > 0x10ffff || surrogate) return {};
    return {value, length};
}

void appendUnit(std::string& out, std::uint32_t unit) {
    constexpr char kDigits[] = "0123456789abcdef";
    const char escape[] = {'\\',
                           'u',
                           kDigits[unit >> 12U & 0xfU],
                           kDigits[unit >> 8U & 0xfU],
                           kDigits[unit >> 4U & 0xfU],
                           kDigits[unit & 0xfU]};
    out.append(escape, sizeof escape);
}

void appendCodePoint(std::string& out, std::uint32_t value) {
    constexpr std::string_view kShort = "\"\"\\\\//\bb\ff\nn\rr\tt";
    for (std::size_t index = 0; index < kShort.size(); index += 2) {
        if (value != static_cast<Byte>(kShort[index])) continue;
        out += '\\';
        out += kShort[index + 1];
        return;
    }
    if (value < 0x10000) return appendUnit(out, value);
    const std::uint32_t offset = value - 0x10000;
    appendUnit(out, 0xd800U | offset >> 10U);
    appendUnit(out, 0xdc00U | (offset & 0x3ffU));
}

}  // namespace

void appendJsonEscaped(std::string& out, std::string_view text) {
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && kPlain[static_cast<Byte>(text[plain])]) ++plain;
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (text.empty()) return;
        const CodePoint point = decodeUtf8(text);
        appendCodePoint(out, point.value);
        text.remove_prefix(point.length);
    }
}

void appendJsonText(std::string& out, std::string_view text) {
    out += '"';
    appendJsonEscaped(out, text);
    out += '"';
}

void appendJsonNumber(std::string& out, std::int64_t number, NumberStyle style) {
    std::array<char, 24> digits{};
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    if (style == NumberStyle::Text) out += '"';
    out.append(digits.data(), result.ptr);
    if (style == NumberStyle::Text) out += '"';
}

}  // namespace testgateway
