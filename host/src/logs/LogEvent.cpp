#include "logs/LogEvent.h"

#include "base/LogText.h"

#include "Poco/Ascii.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

bool isOfName(char c) {
    return Poco::Ascii::isAlphaNumeric(c) || c == '_' || c == '-' || c == '.';
}
/// What appendLogValue() leaves without quotes.
bool isPlain(char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '=';
}

/// Takes the leading characters for which `wanted` holds off `text`.
std::string take(std::string_view& text, bool (*wanted)(char)) {
    const auto end = std::find_if_not(text.begin(), text.end(), wanted);
    std::string taken(text.begin(), end);
    text.remove_prefix(taken.size());
    return taken;
}

bool isEventName(std::string_view name) {
    if (name.empty() || !Poco::Ascii::isAlpha(name.front()) || name.back() == '.') return false;
    return name.find('.') != std::string_view::npos && name.find("..") == std::string_view::npos;
}

/// `text` begins with the opening quote; false when it is not a whole value.
bool takeQuoted(std::string_view& text, std::string& value) {
    text.remove_prefix(1);
    while (!text.empty() && text.front() != '"') {
        const LogEscape escape = readEscape(text);
        if (text.front() == '\\' && escape.length == 0) return false;
        value += escape.length > 0 ? escape.meaning : std::string(1, text.front());
        text.remove_prefix(std::max<std::size_t>(escape.length, 1));
    }
    if (text.empty()) return false;
    text.remove_prefix(1);
    return true;
}

/// The space, the key, `=` and the value; nothing when they are not.
std::optional<LogEvent::Field> takeField(std::string_view& text) {
    if (text.front() != ' ') return std::nullopt;
    text.remove_prefix(1);
    LogEvent::Field field;
    field.key = take(text, isPlain);
    if (field.key.empty() || text.size() < 2 || text.front() != '=') return std::nullopt;
    text.remove_prefix(1);
    field.quoted = text.front() == '"';
    if (field.quoted) return takeQuoted(text, field.value) ? std::optional(std::move(field)) : std::nullopt;
    field.value = take(text, isPlain);
    return field.value.empty() ? std::nullopt : std::optional(std::move(field));
}

}  // namespace

std::optional<LogEvent> LogEvent::parse(std::string_view text) {
    LogEvent event{take(text, isOfName), {}};
    if (!isEventName(event.name)) return std::nullopt;
    while (!text.empty()) {
        auto field = takeField(text);
        if (!field) return std::nullopt;
        event.fields.push_back(std::move(*field));
    }
    return event;
}

}  // namespace carillon
