#pragma once

#include "logs/LogLineParser.h"  // for those who write and read lines

#include "Poco/Formatter.h"
#include "Poco/Message.h"

#include <string>

namespace carillon {

/// `2026-11-22T10:32:23.123Z information 20261122-103223-1a2b batch.applied items=500`: time, level, run and text. The
/// run is the message's parameter `run`, `-` without one. Has no state: safe from any thread.
class LineFormatter : public Poco::Formatter {
public:
    void format(const Poco::Message& message, std::string& line) override;
};

/// The same as one JSON object: `{"time":…,"level":…,"run":…,"event":"batch.applied","items":500}`. A text of another
/// form than `noun.verb key=value` becomes "message". Whole numbers of 64 bits, written without quotes, are numbers.
/// A key that is there already, or is one of the first four, gets `_` behind it.
class JsonLineFormatter : public Poco::Formatter {
public:
    void format(const Poco::Message& message, std::string& line) override;
};

/// The text as it stands in a line. What is hidden (isHidden), and bytes that are not UTF-8, become \n, \r, \t, \xNN or
/// \uNNNN; in a text that is not an event `\` becomes `\\`, so that nothing can be mistaken for an escape.
std::string toOneLine(const std::string& text);

/// Makes both known to Poco's logging factory by their class names. May be called often and from any thread.
void registerLineFormatters();

/// For a formatter, or none, that writes the text as it is.
class OneLineFormatter final : public Poco::Formatter {
public:
    explicit OneLineFormatter(Poco::Formatter::Ptr inner);
    void format(const Poco::Message& message, std::string& line) override;

private:
    Poco::Formatter::Ptr _inner;
};

}  // namespace carillon
