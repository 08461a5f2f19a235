#include "logs/LogLineParser.h"

#include "base/LogText.h"
#include "logs/LogEvent.h"

#include "Poco/Ascii.h"

#include <algorithm>
#include <charconv>

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

Poco::Dynamic::Var toJsonValue(const LogEvent::Field& field) {
    Poco::Int64 number = 0;
    const char* end = field.value.data() + field.value.size();
    const auto [stop, error] = std::from_chars(field.value.data(), end, number);
    // Only a number that reads the same when it is written again: 007 and -0 are texts.
    if (!field.quoted && error == std::errc{} && stop == end && std::to_string(number) == field.value) return number;
    return toUtf8(field.value);
}

void setText(Poco::JSON::Object& object, std::string_view text) {
    const auto event = LogEvent::parse(text);
    if (!event) {
        object.set("message", toUtf8(unescape(text)));
        return;
    }
    object.set("event", event->name);
    for (const auto& field : event->fields) {
        std::string key = field.key;
        while (object.has(key)) key += '_';
        object.set(key, toJsonValue(field));
    }
}

}  // namespace

std::optional<Poco::JSON::Object::Ptr> parseLogLine(const std::string& line) {
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
    Poco::JSON::Object::Ptr object(new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER));
    object->set("time", std::string(time));
    object->set("level", std::string(level));
    object->set("run", toUtf8(unescape(run)));
    setText(*object, rest);
    return object;
}

}  // namespace carillon
