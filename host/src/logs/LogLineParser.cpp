#include "logs/LogLineParser.h"

#include "base/JsonWriter.h"
#include "base/LogText.h"

#include "Poco/Ascii.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <functional>
#include <set>
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

bool isTime(std::string_view text) {
    constexpr std::string_view kShape = "0000-00-00T00:00:00.000Z";
    return std::equal(text.begin(), text.end(), kShape.begin(), kShape.end(),
                      [](char c, char shape) { return shape == '0' ? Poco::Ascii::isDigit(c) : c == shape; });
}

bool isLevel(std::string_view text) {
    return std::find(kLogLevels.begin(), kLogLevels.end(), text) != kLogLevels.end();
}

/// Only a number that reads the same when it is written again is one: 007 and -0 are texts.
void writeValue(JsonWriter& json, const LogEvent::Field& field) {
    std::int64_t number = 0;
    const char* end = field.value.data() + field.value.size();
    const auto [stop, error] = std::from_chars(field.value.data(), end, number);
    if (!field.quoted && error == std::errc{} && stop == end && std::to_string(number) == field.value)
        json.value(number);
    else
        json.value(std::string_view(field.value));
}

void writeText(JsonWriter& json, std::string_view text, bool hasJob) {
    const auto event = LogEvent::parse(text);
    if (!event) {
        json.member("message", unescape(text));
        return;
    }
    json.member("event", event->name);
    std::set<std::string, std::less<>> keys{"time", "level", "run", "event"};
    if (hasJob) keys.insert("job");
    for (const auto& field : event->fields) {
        std::string key = field.key;
        while (!keys.insert(key).second) key += '_';
        writeValue(json.key(key), field);
    }
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

std::optional<std::string> parseLogLine(const std::string& line, const std::string& job) {
    std::string_view rest = line;
    std::string_view words[3];
    for (auto& word : words) {
        const auto end = rest.find(' ');
        if (end == 0 || end == std::string_view::npos) return std::nullopt;
        word = rest.substr(0, end);
        rest.remove_prefix(end + 1);
    }
    const auto& [time, level, run] = words;
    if (!isTime(time) || !isLevel(level)) return std::nullopt;
    JsonWriter json;
    json.beginObject().member("time", time).member("level", level).member("run", unescape(run));
    if (!job.empty()) json.member("job", job);
    writeText(json, rest, !job.empty());
    return json.endObject().takeText();
}

}  // namespace carillon
