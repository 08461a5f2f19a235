#pragma once

#include "calendar/CalendarLines.h"
#include "calendar/CalendarTime.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace carillon {

enum class Frequency { Daily, Weekly, Monthly, Yearly };

/// A weekday of a rule: `-1FR` is the last Friday; `place` 0: each one.
struct RuleWeekday {
    std::chrono::weekday weekday{};
    int place = 0;
};

/// What an RRULE says, as far as days are concerned. Plain data.
struct RecurrenceRule {
    Frequency frequency = Frequency::Yearly;
    int interval = 1;
    std::optional<int> count{};           ///< Without it and without `until` it goes on for ever.
    std::optional<CalendarTime> until{};  ///< The last time that there may be.
    std::vector<RuleWeekday> weekdays{};
    std::vector<int> monthDays{};  ///< -31 to 31.
    std::vector<int> months{};
    std::vector<int> places{};  ///< BYSETPOS: which ones of those of each period; empty: all.
    std::chrono::weekday weekStart = std::chrono::Monday;
};

/// FREQ, INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS and WKST. Throws CalendarError for all else.
RecurrenceRule parseRecurrenceRule(const CalendarLine& line);

}  // namespace carillon
