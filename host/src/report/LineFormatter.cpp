#include "report/LineFormatter.h"

#include "carillon/Clock.h"

#include "Poco/Instantiator.h"
#include "Poco/LoggingFactory.h"
#include "Poco/UTF8Encoding.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {
namespace {

constexpr std::string_view kLevels[] = {"fatal",  "critical",    "error", "warning",
                                        "notice", "information", "debug", "trace"};

struct Field {
    std::string key{};
    std::string value{};
    bool quoted = false;
};
struct Event {
    std::string name{};
    std::vector<Field> fields{};
};

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
/// What appendLogValue() leaves without quotes.
bool isPlain(char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '=';
}

/// The bytes of the character that `text` begins with; 0 when they are not UTF-8.
std::size_t characterLength(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xc2 ? 0
                               : lead < 0xe0 ? 2
                               : lead < 0xf0 ? 3
                               : lead < 0xf5 ? 4
                                             : 0;
    if (length > text.size()) return 0;
    if (length < 2) return length;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    return Poco::UTF8Encoding::isLegal(bytes, static_cast<int>(length)) ? length : 0;
}

/// Some terminals and readers take the control characters of Unicode, U+0080..U+009F, U+2028 and U+2029, for what
/// their older relatives are.
bool isControl(std::string_view character) {
    const auto byte = [character](std::size_t i) { return static_cast<unsigned char>(character[i]); };
    if (character.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7f;
    if (character.size() == 2) return byte(0) == 0xc2 && byte(1) < 0xa0;
    return character == "\u2028" || character == "\u2029";
}

void appendHex(std::string& out, char c) {
    constexpr char digits[] = "0123456789abcdef";
    out += "\\x";
    out += digits[(static_cast<unsigned char>(c) >> 4) & 0xf];
    out += digits[static_cast<unsigned char>(c) & 0xf];
}

std::string escape(std::string_view text, bool backslashes) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = characterLength(text);
        const bool kept = length > 0 && !isControl(text.substr(0, length));
        const char c = text.front();
        if (kept && c == '\\' && backslashes) {
            out += "\\\\";
        } else if (kept) {
            out += text.substr(0, length);
        } else if (c == '\n' || c == '\r' || c == '\t') {
            out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
        } else {
            appendHex(out, c);
        }
        text.remove_prefix(kept ? length : 1);
    }
    return out;
}

/// Any text as a text of JSON: only bytes that are not UTF-8 are replaced.
std::string toUtf8(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = characterLength(text);
        if (length == 0)
            appendHex(out, text.front());
        else
            out += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

/// The byte that the escape at the beginning of `text` stands for, and its length; a length of 0 when it is none.
std::pair<char, std::size_t> readEscape(std::string_view text) {
    if (text.size() < 2 || text[0] != '\\') return {'\0', 0};
    switch (text[1]) {
        case '\\':
        case '"':
            return {text[1], 2};
        case 'n':
            return {'\n', 2};
        case 'r':
            return {'\r', 2};
        case 't':
            return {'\t', 2};
        case 'x':
            break;
        default:
            return {'\0', 0};
    }
    unsigned value = 0;
    if (text.size() < 4) return {'\0', 0};
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 4, value, 16);
    return error == std::errc{} && end == text.data() + 4 ? std::pair(static_cast<char>(value), std::size_t{4})
                                                          : std::pair('\0', std::size_t{0});
}

std::string unescape(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto [byte, length] = readEscape(text);
        out += length > 0 ? byte : text.front();
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

/// Takes the leading characters for which `wanted` holds off `text`.
template <typename Predicate>
std::string_view take(std::string_view& text, Predicate wanted) {
    const auto end = std::find_if_not(text.begin(), text.end(), wanted);
    const std::string_view taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(taken.size());
    return taken;
}

bool isEventName(std::string_view name) {
    if (name.empty() || !isLetter(name.front()) || name.back() == '.') return false;
    return name.find('.') != std::string_view::npos && name.find("..") == std::string_view::npos;
}

bool takeQuoted(std::string_view& text, std::string& value) {
    text.remove_prefix(1);
    while (!text.empty() && text.front() != '"') {
        const auto [byte, length] = readEscape(text);
        if (text.front() == '\\' && length == 0) return false;
        value += length > 0 ? byte : text.front();
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    if (text.empty()) return false;
    text.remove_prefix(1);
    return true;
}

/// A text that LogLine built: `noun.verb key=value key="quoted value"`, each after exactly one space.
std::optional<Event> parseEvent(std::string_view text) {
    const auto ofName = [](char c) { return isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == '.'; };
    Event event{std::string(take(text, ofName)), {}};
    if (!isEventName(event.name)) return std::nullopt;
    while (!text.empty()) {
        if (text.front() != ' ') return std::nullopt;
        text.remove_prefix(1);
        Field field;
        field.key = take(text, isPlain);
        if (field.key.empty() || text.size() < 2 || text.front() != '=') return std::nullopt;
        text.remove_prefix(1);
        field.quoted = text.front() == '"';
        if (field.quoted ? !takeQuoted(text, field.value) : (field.value = take(text, isPlain)).empty())
            return std::nullopt;
        event.fields.push_back(std::move(field));
    }
    return event;
}

Poco::Dynamic::Var toJsonValue(const Field& field) {
    Poco::Int64 number = 0;
    const char* end = field.value.data() + field.value.size();
    const auto [stop, error] = std::from_chars(field.value.data(), end, number);
    // Only a number that reads the same when it is written again: 007 and -0 are texts.
    if (!field.quoted && error == std::errc{} && stop == end && std::to_string(number) == field.value) return number;
    return toUtf8(field.value);
}

Poco::JSON::Object::Ptr toObject(std::string_view time, std::string_view level, std::string_view run,
                                 std::string_view text) {
    Poco::JSON::Object::Ptr object(new Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER));
    object->set("time", std::string(time));
    object->set("level", std::string(level));
    object->set("run", toUtf8(unescape(run)));
    const auto event = parseEvent(text);
    if (!event) {
        object->set("message", toUtf8(unescape(text)));
        return object;
    }
    object->set("event", event->name);
    for (const auto& field : event->fields) {
        std::string key = field.key;
        while (object->has(key)) key += '_';
        object->set(key, toJsonValue(field));
    }
    return object;
}

/// Four digits of year, whatever the clock says.
std::string timeOf(const Poco::Message& message) {
    constexpr Poco::Timestamp::TimeVal kEndOfYear9999 = 253'402'300'799'999'999;
    const auto at = std::clamp<Poco::Timestamp::TimeVal>(message.getTime().epochMicroseconds(), 0, kEndOfYear9999);
    return toRfc3339(TimePoint(std::chrono::microseconds(at)));
}

std::string_view levelOf(const Poco::Message& message) {
    return kLevels[std::clamp<int>(message.getPriority(), Poco::Message::PRIO_FATAL, Poco::Message::PRIO_TRACE) - 1];
}

/// One word.
std::string runOf(const Poco::Message& message) {
    static const std::string kNone = "-";
    const std::string& run = message.get("run", kNone);
    std::string word;
    for (const char c : run) {
        if (c > ' ' && c < 0x7f && c != '\\')
            word += c;
        else
            appendHex(word, c);
    }
    return word.empty() ? kNone : word;
}

bool isTime(std::string_view text) {
    constexpr std::string_view kShape = "0000-00-00T00:00:00.000Z";
    return std::equal(text.begin(), text.end(), kShape.begin(), kShape.end(),
                      [](char c, char shape) { return shape == '0' ? isDigit(c) : c == shape; });
}

}  // namespace

std::string toOneLine(const std::string& text) {
    if (parseEvent(text)) return escape(text, false);
    std::string line = escape(text, true);
    if (!parseEvent(line)) return line;
    // The escapes made an event of what was none: one more takes that back.
    std::string guarded;
    appendHex(guarded, line.front());
    return guarded.append(line, 1);
}

void LineFormatter::format(const Poco::Message& message, std::string& line) {
    line = timeOf(message);
    line.append(" ").append(levelOf(message)).append(" ").append(runOf(message)).append(" ");
    line += toOneLine(message.getText());
}

void JsonLineFormatter::format(const Poco::Message& message, std::string& line) {
    std::ostringstream out;
    toObject(timeOf(message), levelOf(message), runOf(message), toOneLine(message.getText()))->stringify(out);
    const std::string json = out.str();
    line.clear();
    for (std::string_view rest = json; !rest.empty();) {
        const std::string_view character = rest.substr(0, std::max<std::size_t>(characterLength(rest), 1));
        constexpr char digits[] = "0123456789abcdef";
        if (character.size() == 3 && isControl(character)) {
            line += character == "\u2028" ? "\\u2028" : "\\u2029";
        } else if (character.size() == 2 && isControl(character)) {
            const auto code = static_cast<unsigned char>(character[1]);
            line.append("\\u00").append(1, digits[code >> 4]).append(1, digits[code & 0xf]);
        } else {
            line += character;
        }
        rest.remove_prefix(character.size());
    }
}

std::optional<Poco::JSON::Object::Ptr> parseLogLine(const std::string& line) {
    std::string_view rest = line;
    std::string_view words[3];
    for (auto& word : words) {
        word = take(rest, [](char c) { return c != ' '; });
        if (word.empty() || rest.empty()) return std::nullopt;
        rest.remove_prefix(1);
    }
    if (!isTime(words[0]) || std::find(std::begin(kLevels), std::end(kLevels), words[1]) == std::end(kLevels))
        return std::nullopt;
    return toObject(words[0], words[1], words[2], rest);
}

void registerLineFormatters() {
    static const bool registered = [] {
        auto& factory = Poco::LoggingFactory::defaultFactory();
        factory.registerFormatterClass("LineFormatter", new Poco::Instantiator<LineFormatter, Poco::Formatter>);
        factory.registerFormatterClass("JsonLineFormatter", new Poco::Instantiator<JsonLineFormatter, Poco::Formatter>);
        return true;
    }();
    static_cast<void>(registered);
}

}  // namespace carillon
