#pragma once

#include "calendar/CalendarTime.h"
#include "calendar/DaysOff.h"
#include "calendar/OffTimes.h"
#include "calendar/Recurrence.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// What the iCalendar files of a configuration may be at most.
constexpr std::size_t kLargestCalendar = 1 << 20;
constexpr std::size_t kMostCalendarEvents = 10'000;

/// An iCalendar file (RFC 5545) as a calendar of days off: an event of whole days takes those off, an event with times
/// takes its time off. Repeated ones are followed up to the end of 2199, by the local time of their zone. Tasks,
/// journals, alarms and the zones that a file describes are passed over: zones are those of the time-zone database.
/// Whether an event is marked as free or busy does not matter; one that is cancelled does not take place.
/// Immutable, safe from any thread.
class CalendarFile {
public:
    /// `text` is UTF-8; `fallbackName` is the name of events without one. What its events need beyond `limit` is a
    /// fault.
    CalendarFile(std::string_view text, const std::string& fallbackName, RecurrenceLimit limit = {});

    /// What is wrong or not understood, each beginning with its line: `12: RRULE has ...`. With any, nothing else of it
    /// is to be used.
    const std::vector<Message>& faults() const { return _faults; }
    /// Equal for equal texts.
    std::uint64_t fingerprint() const { return _fingerprint; }

    void addTo(DaysOff& days) const;
    /// Its events with times; those without a zone are in that one.
    void addTo(std::vector<OffStretch>& stretches, const TimeZone& here) const;

private:
    friend class CalendarFileReader;

    struct Day {
        std::chrono::local_days day{};
        std::size_t name = 0;
    };
    struct Time {
        CalendarTime start{};
        std::chrono::seconds length{};
        std::size_t name = 0;
    };

    std::vector<std::string> _names{};
    std::vector<Day> _days{};
    std::vector<Time> _times{};
    std::vector<Message> _faults{};
    std::uint64_t _fingerprint = 0;
};

}  // namespace carillon
