#pragma once

#include "carillon/Message.h"
#include "schedule/CronExpression.h"

#include <string>
#include <string_view>

namespace carillon {

/// Reads one field of a cron expression. `expression` is the whole of it, for messages.
class CronFieldParser {
public:
    CronFieldParser(CronUnit unit, std::string_view expression) : _unit(unit), _expression(expression) {}

    /// Throws ScheduleError.
    CronField parse(std::string_view field);

private:
    CronItem parseItem(std::string_view item) const;
    CronItem parseBody(std::string_view body) const;
    CronItem parseHash(std::string_view body) const;
    CronItem parseRange(std::string_view from, std::string_view to) const;
    std::optional<CronItem> parseSpecialDay(std::string_view body) const;
    std::optional<CronItem> parseSpecialWeekday(std::string_view body) const;
    int parseStep(std::string_view step, const CronItem& item) const;
    int parseValue(std::string_view value) const;
    int parseNumber(std::string_view text, int least, int most, const char* expected) const;
    /// `expected`: the key of what should stand there.
    [[noreturn]] void refuse(const char* expected, Message::Values values = {}) const;

    CronUnit _unit;
    std::string_view _expression;
    std::string_view _item{};  // at which parse() is, for messages
};

}  // namespace carillon
