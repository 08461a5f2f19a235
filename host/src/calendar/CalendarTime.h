#pragma once

#include "calendar/CalendarLines.h"
#include "carillon/Clock.h"
#include "schedule/TimeZone.h"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace carillon {

/// A date, or a date with a time, of an iCalendar file. Plain data.
struct CalendarTime {
    bool isDate = false;                     ///< The whole day; `local` is its midnight.
    std::chrono::local_seconds local{};      ///< In `zone`.
    std::shared_ptr<const TimeZone> zone{};  ///< Null: whatever zone the reader is in, as with dates.

    /// As clocks of another zone show it; of one without a zone, as it stands.
    std::chrono::local_seconds localIn(const std::shared_ptr<const TimeZone>& other) const;
    /// Equal for times that are the same.
    std::int64_t key() const;
    /// `here` is the reader's zone.
    std::chrono::sys_seconds instant(const TimeZone& here) const { return (zone ? *zone : here).toUtc(local); }
};

/// `text`, the value of that line or a part of it: `20261225`, `20261225T080000Z`, with TZID and VALUE of the line.
/// Zones are those of the time-zone database. Throws CalendarError.
CalendarTime parseCalendarTime(const CalendarLine& line, std::string_view text);

/// A length: whole days, which are as long as a day is there, and seconds.
struct CalendarLength {
    std::chrono::days days{0};
    std::chrono::seconds time{0};
};

/// `P1W`, `P1DT2H`, `PT30M`. Throws CalendarError, also for one below zero.
CalendarLength parseCalendarLength(const CalendarLine& line);

}  // namespace carillon
