#pragma once

#include "Poco/Exception.h"

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// One value of a JSON text, read whole and then only looked at. The host reads JSON nowhere else. It is not Poco's
/// parser that reads, since that turns 18446744073709551616 into 0 without an error, and what crosses this border is
/// asked for by number: ids, fences, moments. It also costs each firing less (tests/bench/JsonRead.cpp). Everything
/// throws Poco::DataFormatException when the value is not of the form asked for.
class JsonValue {
public:
    struct Member;

    /// A text of more than 64 levels is refused.
    static JsonValue parse(std::string_view text);

    bool has(std::string_view name) const { return find(name) != nullptr; }
    const JsonValue& operator[](std::string_view name) const;

    /// Of an object or, without names, of an array; in their order.
    const std::vector<Member>& members() const;

    const std::string& text() const;
    bool flag() const;
    bool isNull() const { return _kind == Kind::Null; }
    bool isText() const { return _kind == Kind::Text; }
    bool isArray() const { return _kind == Kind::Array; }
    bool isObject() const { return _kind == Kind::Object; }
    template <typename Number>
    Number number() const {
        Number value{};
        const auto [end, error] = std::from_chars(_text.data(), _text.data() + _text.size(), value);
        if (_kind != Kind::Number || error != std::errc{} || end != _text.data() + _text.size())
            throw Poco::DataFormatException("expected a number, found " + _text);
        return value;
    }

private:
    friend class JsonParser;
    enum class Kind { Null, True, False, Number, Text, Array, Object };

    const JsonValue* find(std::string_view name) const;

    Kind _kind = Kind::Null;
    std::string _text;  // of Text, and the digits of Number
    std::vector<Member> _members;
};

struct JsonValue::Member {
    std::string name{};
    JsonValue value{};
};

}  // namespace carillon
