#pragma once

#include "carillon/VisibleText.h"

#include "Poco/Logger.h"
#include "Poco/Message.h"

#include <concepts>
#include <string>
#include <string_view>

namespace carillon {

/// Appends text as one `key=value` value: as it is when it is one plain word, else in double quotes with escapes,
/// so that no value can forge a field or a line, nor hide anything in it (isHidden).
inline void appendLogValue(std::string& line, std::string_view value) {
    const auto plain = [](char c) { return c > ' ' && c != '"' && c != '\\' && c != '=' && c != 0x7f; };
    bool quote = value.empty();
    for (const char c : value) quote = quote || !plain(c);
    if (!quote) {
        line += value;
        return;
    }
    line += '"';
    while (!value.empty()) {
        const char c = value.front();
        if (c == '"' || c == '\\') line += '\\';
        if (c >= ' ' && c < 0x7f) {
            line += c;
            value.remove_prefix(1);
        } else {
            value.remove_prefix(appendVisible(line, value));
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
