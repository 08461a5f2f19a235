#include "base/LogText.h"

#include "Poco/UTF8Encoding.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace carillon {

std::string escape(std::string_view text, bool backslashes) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const char c = text.front();
        if (c >= ' ' && c < 0x7f) {
            out.append(c == '\\' && backslashes ? 2 : 1, c);
            text.remove_prefix(1);
        } else {
            text.remove_prefix(appendVisible(out, text));
        }
    }
    return out;
}

std::string unescape(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const LogEscape escape = readEscape(text);
        out += escape.length > 0 ? escape.meaning : std::string(1, text.front());
        text.remove_prefix(std::max<std::size_t>(escape.length, 1));
    }
    return out;
}

LogEscape readEscape(std::string_view text) {
    if (text.size() < 2 || text[0] != '\\') return {};
    switch (text[1]) {
        case '\\':
        case '"':
            return {std::string(1, text[1]), 2};
        case 'n':
            return {"\n", 2};
        case 'r':
            return {"\r", 2};
        case 't':
            return {"\t", 2};
        case 'x':
        case 'u':
            break;
        default:
            return {};
    }
    const bool isByte = text[1] == 'x';
    const std::size_t length = isByte ? 4 : 6;
    if (text.size() < length) return {};
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + length, value, 16);
    const bool isHalf = value >= 0xd800 && value < 0xe000;  // of a pair, which is no character
    if (error != std::errc{} || end != text.data() + length || isHalf) return {};
    return {isByte ? std::string(1, static_cast<char>(value)) : utf8Of(static_cast<int>(value)), length};
}

std::string utf8Of(int code) {
    std::array<unsigned char, 4> bytes{};
    const int length = Poco::UTF8Encoding().convert(code, bytes.data(), static_cast<int>(bytes.size()));
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(std::max(length, 0))};
}

void appendJsonCode(std::string& out, int code) {
    if (code <= 0xffff) return appendCode(out, code);
    appendCode(out, 0xd800 + ((code - 0x10000) >> 10));
    appendCode(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
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

std::string visibleJson(std::string_view json) {
    std::string line;
    line.reserve(json.size());
    while (!json.empty()) {
        const auto [code, length] = firstCharacter(json);
        if (length == 0)
            appendHex(line += '\\', json.front());
        else if (isHidden(code))
            appendJsonCode(line, code);
        else
            line += json.substr(0, length);
        json.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return line;
}

}  // namespace carillon
