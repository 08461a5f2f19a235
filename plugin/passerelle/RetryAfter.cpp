#include "RetryAfter.h"

#include "Poco/DateTime.h"
#include "Poco/DateTimeFormat.h"
#include "Poco/DateTimeParser.h"
#include "Poco/NumberParser.h"

#include <algorithm>

namespace passerelle {

std::optional<std::chrono::seconds> parseRetryAfter(const std::string& text) {
    int seconds = 0;
    if (Poco::NumberParser::tryParse(text, seconds) && seconds >= 0) return std::chrono::seconds(seconds);
    Poco::DateTime date;
    int zone = 0;
    if (text.empty() || !Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::HTTP_FORMAT, text, date, zone)) return {};
    const auto left = (date.timestamp() - Poco::Timestamp()) / Poco::Timestamp::resolution() + 1;
    return std::chrono::seconds(std::max<Poco::Timestamp::TimeDiff>(left, 0));
}

}  // namespace passerelle
