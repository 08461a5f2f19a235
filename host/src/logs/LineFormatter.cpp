#include "logs/LineFormatter.h"

#include "base/LogText.h"
#include "carillon/Clock.h"
#include "logs/LogLineParser.h"

#include "Poco/Instantiator.h"
#include "Poco/LoggingFactory.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace carillon {
namespace {

/// Four digits of year, whatever the clock says.
std::string timeOf(const Poco::Message& message) {
    constexpr Poco::Timestamp::TimeVal kEndOfYear9999 = 253'402'300'799'999'999;
    const auto at = std::clamp<Poco::Timestamp::TimeVal>(message.getTime().epochMicroseconds(), 0, kEndOfYear9999);
    return toRfc3339(TimePoint(std::chrono::microseconds(at)));
}

std::string_view levelOf(const Poco::Message& message) {
    const int level = std::clamp<int>(message.getPriority(), Poco::Message::PRIO_FATAL, Poco::Message::PRIO_TRACE);
    return kLogLevels[static_cast<std::size_t>(level - Poco::Message::PRIO_FATAL)];
}

/// One word.
std::string runOf(const Poco::Message& message) {
    static const std::string kNone = "-";
    std::string word;
    for (const char c : message.get("run", kNone)) {
        if (c > ' ' && c < 0x7f && c != '\\')
            word += c;
        else
            appendHex(word, c);
    }
    return word.empty() ? kNone : word;
}

}  // namespace

std::string toOneLine(const std::string& text) {
    if (LogEvent::parse(text)) return escape(text, false);
    std::string line = escape(text, true);
    if (!LogEvent::parse(line)) return line;
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
    LineFormatter().format(message, line);
    line = visibleJson(parseLogLine(line).value());
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

OneLineFormatter::OneLineFormatter(Poco::Formatter::Ptr inner) : _inner(std::move(inner)) {}

void OneLineFormatter::format(const Poco::Message& message, std::string& line) {
    const std::string text = toOneLine(message.getText());
    line = _inner ? "" : text;
    if (_inner) _inner->format(Poco::Message(message, text), line);
}

}  // namespace carillon
