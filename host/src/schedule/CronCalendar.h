#pragma once

#include "schedule/CronExpression.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace carillon {

/// What H stands for and how jobs are spread. The same on every machine and for ever, since stored and published times
/// depend on it: FNV-1a with the finaliser of MurmurHash3, so that also its remainders are spread evenly.
std::uint64_t stableHash(std::string_view text);

/// The local times that a cron expression names, without any zone: one bit for each value that matches.
/// Immutable, safe from any thread.
class CronCalendar {
public:
    CronCalendar() = default;
    /// `seed` decides what H stands for.
    CronCalendar(const CronExpression& cron, std::string_view seed);

    /// The first time named at or after `from`; nothing when the year 2200 is over before it.
    std::optional<std::chrono::local_seconds> firstFrom(std::chrono::local_seconds from) const;
    /// Whether any year has a day that matches.
    bool hasAnyDay() const;

private:
    /// Bits 1 to 31: the matching days of a month by the weekday (0: Sunday) of its first day and its length.
    std::uint32_t daysOf(unsigned firstWeekday, unsigned length) const;
    std::uint32_t byDate(unsigned firstWeekday, unsigned length) const;
    std::uint32_t byWeekday(unsigned firstWeekday, unsigned length) const;
    std::uint32_t daysOf(std::chrono::year_month month, std::chrono::local_days firstDay) const;
    /// The first matching second of a day at or after `from`; -1 when there is none.
    int timeFrom(int from) const;
    void addDay(const CronItem& item);
    void addWeekday(const CronItem& item);

    std::uint64_t _seconds = 0;
    std::uint64_t _minutes = 0;
    std::uint64_t _nthWeekdays = 0;  // bit 8 * n + weekday; n from 1, 0: the last one
    std::uint32_t _hours = 0;
    std::uint32_t _days = 0;
    std::uint32_t _daysFromEnd = 0;  // bit n: n days before the last one
    std::uint32_t _workdays = 0;     // bit n: the one nearest to day n; 0: the last one
    std::int32_t _firstTime = 0;     // of a day, in seconds
    std::uint16_t _months = 0;
    std::uint8_t _weekdays = 0;
    bool _bothDays = false;  // days and weekdays must match, otherwise either
};

}  // namespace carillon
