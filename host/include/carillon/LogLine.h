#pragma once

#include "Poco/Logger.h"
#include "Poco/Message.h"

#include <concepts>
#include <string>
#include <string_view>

namespace carillon {

/// Appends text as one `key=value` value: as it is when it is one plain word, else in double quotes with escapes,
/// so that no value can forge a field or a line.
inline void appendLogValue(std::string& line, std::string_view value) {
    const auto plain = [](char c) { return c > ' ' && c != '"' && c != '\\' && c != '=' && c != 0x7f; };
    bool quote = value.empty();
    for (const char c : value) quote = quote || !plain(c);
    if (!quote) {
        line += value;
        return;
    }
    constexpr char hex[] = "0123456789abcdef";
    line += '"';
    for (const char c : value) {
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (c == '\n') {
            line += "\\n";
        } else if (c == '\t') {
            line += "\\t";
        } else if ((c >= 0 && c < ' ') || c == 0x7f) {
            line += "\\x";
            line += hex[(static_cast<unsigned char>(c) >> 4) & 0xf];
            line += hex[static_cast<unsigned char>(c) & 0xf];
        } else {
            line += c;
        }
    }
    line += '"';
}

/// One event as one line, `noun.verb key=value …`, written when the object ends:
///     LogLine(log, "batch.applied").field("items", n);
/// The host adds time, level and run. One temporary in one thread; never throws out of the destructor.
class LogLine {
public:
    explicit LogLine(Poco::Logger& log, std::string_view event,
                     Poco::Message::Priority level = Poco::Message::PRIO_INFORMATION)
        : _log(log), _level(level), _text(event) {}
    LogLine(const LogLine&) = delete;
    LogLine& operator=(const LogLine&) = delete;

    ~LogLine() {
        try {
            _log.log(Poco::Message(_log.name(), _text, _level));
        } catch (...) {  // a log that cannot be written must not fail the work that it describes
        }
    }

    LogLine& field(std::string_view key, std::string_view value) {
        _text += ' ';
        _text += key;
        _text += '=';
        appendLogValue(_text, value);
        return *this;
    }
    template <std::integral Number>
    LogLine& field(std::string_view key, Number value) {
        return field(key, std::string_view(std::to_string(value)));
    }

private:
    Poco::Logger& _log;
    Poco::Message::Priority _level;
    std::string _text;
};

}  // namespace carillon
