#include "logs/LogLineParser.h"

#include "base/JsonWriter.h"
#include "base/LogText.h"
#include "logs/LogEvent.h"

#include "Poco/Ascii.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <functional>
#include <set>

namespace carillon {
namespace {

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

void writeText(JsonWriter& json, std::string_view text) {
    const auto event = LogEvent::parse(text);
    if (!event) {
        json.member("message", unescape(text));
        return;
    }
    json.member("event", event->name);
    std::set<std::string, std::less<>> keys{"time", "level", "run", "event"};
    for (const auto& field : event->fields) {
        std::string key = field.key;
        while (!keys.insert(key).second) key += '_';
        writeValue(json.key(key), field);
    }
}

}  // namespace

std::optional<std::string> parseLogLine(const std::string& line) {
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
    writeText(json, rest);
    return json.endObject().takeText();
}

}  // namespace carillon
