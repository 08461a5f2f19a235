#include "base/JsonValue.h"

#include "Poco/UTF8Encoding.h"

#include <algorithm>
#include <array>

namespace carillon {

class JsonParser {
public:
    explicit JsonParser(std::string_view text) : _rest(text) {}

    JsonValue parseAll() {
        JsonValue value = parseValue(0);
        skipSpace();
        if (!_rest.empty()) fail("the end");
        return value;
    }

private:
    using Kind = JsonValue::Kind;
    static constexpr int kDeepest = 64;

    [[noreturn]] void fail(const char* expected) const {
        throw Poco::DataFormatException("expected " + std::string(expected) + ", found '" +
                                        std::string(_rest.substr(0, 20)) + "'");
    }
    void skipSpace() {
        while (!_rest.empty() && (_rest[0] == ' ' || _rest[0] == '\t' || _rest[0] == '\n' || _rest[0] == '\r'))
            _rest.remove_prefix(1);
    }
    bool accept(std::string_view word) {
        skipSpace();
        if (!_rest.starts_with(word)) return false;
        _rest.remove_prefix(word.size());
        return true;
    }

    JsonValue parseValue(int depth) {
        if (depth > kDeepest) fail("fewer levels");
        JsonValue value;
        if (accept("{")) {
            value._kind = Kind::Object;
            parseMembers(value, '}', depth);
        } else if (accept("[")) {
            value._kind = Kind::Array;
            parseMembers(value, ']', depth);
        } else if (accept("\"")) {
            value._kind = Kind::Text;
            value._text = parseText();
        } else {
            parseWord(value);
        }
        return value;
    }

    void parseMembers(JsonValue& value, char end, int depth) {
        const std::string_view close(&end, 1);
        if (accept(close)) return;
        do {
            JsonValue::Member member;
            if (value._kind == Kind::Object) {
                if (!accept("\"")) fail("a name");
                member.name = parseText();
                if (!accept(":")) fail("a colon");
            }
            member.value = parseValue(depth + 1);
            value._members.push_back(std::move(member));
        } while (accept(","));
        if (!accept(close)) fail("a comma or an end");
    }

    void parseWord(JsonValue& value) {
        if (accept("true")) {
            value._kind = Kind::True;
        } else if (accept("false")) {
            value._kind = Kind::False;
        } else if (!accept("null")) {
            const std::size_t length = std::min(_rest.find_first_not_of("+-0123456789.eE"), _rest.size());
            if (length == 0) fail("a value");
            value._kind = Kind::Number;
            value._text = _rest.substr(0, length);
            _rest.remove_prefix(length);
        }
    }

    std::string parseText() {
        std::string text;
        for (;;) {
            const std::size_t length = _rest.find_first_of("\"\\");
            if (length == std::string_view::npos) fail("the end of a text");
            text.append(_rest.substr(0, length));
            const bool end = _rest[length] == '"';
            _rest.remove_prefix(length + 1);
            if (end) return text;
            parseEscape(text);
        }
    }

    void parseEscape(std::string& text) {
        if (_rest.empty()) fail("an escape");
        const char c = _rest[0];
        _rest.remove_prefix(1);
        constexpr std::string_view kLetters = "\"\\/bfnrt";
        constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
        if (const auto at = kLetters.find(c); at != std::string_view::npos) {
            text += kMeanings[at];
            return;
        }
        if (c != 'u') fail("an escape");
        int code = parseHex();
        if (code >= 0xd800 && code < 0xdc00 && _rest.starts_with("\\u")) {
            _rest.remove_prefix(2);
            code = 0x10000 + ((code - 0xd800) << 10) + (parseHex() - 0xdc00);
        }
        std::array<unsigned char, 6> bytes{};
        const int length = Poco::UTF8Encoding().convert(code, bytes.data(), static_cast<int>(bytes.size()));
        text.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(std::max(length, 0)));
    }

    int parseHex() {
        int code = 0;
        if (_rest.size() < 4) fail("four hexadecimal digits");
        const auto [end, error] = std::from_chars(_rest.data(), _rest.data() + 4, code, 16);
        if (error != std::errc{} || end != _rest.data() + 4) fail("four hexadecimal digits");
        _rest.remove_prefix(4);
        return code;
    }

    std::string_view _rest;
};

JsonValue JsonValue::parse(std::string_view text) {
    return JsonParser(text).parseAll();
}

const JsonValue* JsonValue::find(std::string_view name) const {
    if (_kind != Kind::Object) return nullptr;
    const auto named = [&name](const Member& member) { return member.name == name; };
    const auto found = std::find_if(_members.begin(), _members.end(), named);
    return found == _members.end() ? nullptr : &found->value;
}

const JsonValue& JsonValue::operator[](std::string_view name) const {
    if (const auto* found = find(name)) return *found;
    throw Poco::DataFormatException("there is no member " + std::string(name));
}

const std::vector<JsonValue::Member>& JsonValue::members() const {
    if (_kind != Kind::Array && _kind != Kind::Object)
        throw Poco::DataFormatException("expected a list or an object, found '" + _text + "'");
    return _members;
}

const std::string& JsonValue::text() const {
    if (_kind != Kind::Text) throw Poco::DataFormatException("expected a text, found '" + _text + "'");
    return _text;
}

bool JsonValue::flag() const {
    if (_kind != Kind::True && _kind != Kind::False)
        throw Poco::DataFormatException("expected true or false, found '" + _text + "'");
    return _kind == Kind::True;
}

}  // namespace carillon
