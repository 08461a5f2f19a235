#include "base/JsonWriter.h"

#include "base/LogText.h"

namespace carillon {
namespace {

bool isPlain(char c) {
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

void appendEscape(std::string& out, char c) {
    constexpr std::string_view kMeanings = "\"\\\n\r\t";
    constexpr std::string_view kLetters = "\"\\nrt";
    if (const auto at = kMeanings.find(c); at != std::string_view::npos) {
        out += '\\';
        out += kLetters[at];
        return;
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    out += "\\u00";
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 0xf];
}

}  // namespace

JsonWriter& JsonWriter::key(std::string_view name) {
    separate();
    appendText(name);
    _text += ':';
    _comma = false;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    separate();
    appendText(text);
    _comma = true;
    return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
    separate();
    _text += json;
    _comma = true;
    return *this;
}

JsonWriter& JsonWriter::open(char bracket) {
    separate();
    _text += bracket;
    _comma = false;
    return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
    _text += bracket;
    _comma = true;
    return *this;
}

void JsonWriter::separate() {
    if (_comma) _text += ',';
}

void JsonWriter::appendText(std::string_view text) {
    _text += '"';
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && isPlain(text[plain])) ++plain;
        _text += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const auto [code, length] = firstCharacter(text);
        if (length == 0)
            appendHex(_text += '\\', text.front());
        else if (code < 0x80)
            appendEscape(_text, text.front());
        else if (isHidden(code))
            appendJsonCode(_text, code);
        else
            _text += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    _text += '"';
}

}  // namespace carillon
