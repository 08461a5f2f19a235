#pragma once

#include "calendar/CalendarLines.h"
#include "calendar/CalendarTime.h"
#include "calendar/RecurrenceRule.h"

#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// One VEVENT, as far as time is concerned. Plain data.
struct CalendarEvent {
    int line = 0;  ///< Of its BEGIN.
    std::string uid{};
    std::string name{};  ///< Its SUMMARY in one line, at most kLongestEventName bytes; may be empty.
    CalendarTime start{};
    CalendarLength length{};  ///< Of each time that it takes place; none: it takes no time.
    std::optional<RecurrenceRule> rule{};
    int ruleLine = 0;
    std::vector<CalendarTime> more{};         ///< RDATE
    std::vector<CalendarTime> except{};       ///< EXDATE
    std::optional<CalendarTime> insteadOf{};  ///< RECURRENCE-ID: of which time of another one with its uid.
    bool isCancelled = false;
};

constexpr std::size_t kLongestEventName = 100;

/// From its lines, without BEGIN and END and without those of its alarms. What says nothing of time is passed over.
/// Throws CalendarError for what is wrong, and for a property that is not known.
CalendarEvent parseCalendarEvent(int line, const std::vector<CalendarLine>& lines);

}  // namespace carillon
