#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

namespace carillon {

/// Writes JSON by appending to one string, on one line. Who calls balances begin and end.
class JsonWriter {
public:
    JsonWriter& beginObject() { return open('{'); }
    JsonWriter& endObject() { return close('}'); }
    JsonWriter& beginArray() { return open('['); }
    JsonWriter& endArray() { return close(']'); }

    JsonWriter& key(std::string_view name);

    /// A byte that is not UTF-8 becomes the four characters \xNN.
    JsonWriter& value(std::string_view text);
    JsonWriter& value(bool flag) { return raw(flag ? "true" : "false"); }
    template <std::integral Number>
    JsonWriter& value(Number number) {
        char digits[24];
        const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
        return raw({digits, static_cast<std::size_t>(end - digits)});
    }
    /// JSON that is written already.
    JsonWriter& raw(std::string_view json);

    template <typename Value>
    JsonWriter& member(std::string_view name, const Value& given) {
        return key(name).value(given);
    }
    // A literal would rather be a bool than a view.
    JsonWriter& member(std::string_view name, const char* text) { return key(name).value(std::string_view(text)); }

    const std::string& text() const { return _text; }
    std::string takeText() { return std::move(_text); }
    std::string takeLine() {
        _text += '\n';
        return std::move(_text);
    }

private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void separate();
    void appendText(std::string_view text);

    std::string _text;
    bool _comma = false;  // before the next value
};

}  // namespace carillon
