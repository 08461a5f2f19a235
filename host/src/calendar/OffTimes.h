#pragma once

#include "calendar/DaysOff.h"
#include "calendar/TimeWindows.h"
#include "carillon/Clock.h"
#include "record/SlotReason.h"
#include "schedule/TimeZone.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace carillon {

/// What becomes of a slot on a day off.
enum class DaysOffRule { Skip, NextWorkingDay };

/// A stretch of time that an event of a calendar takes off. Plain data.
struct OffStretch {
    TimePoint from{};
    TimePoint until{};  ///< Not in it any more.
    std::string name{};
};

/// What the keys job.calendar and job.blackout of a job say. Plain data.
struct OffKeys {
    std::vector<std::string> calendars{};  ///< As listed: names of the host's own, and iCalendar files.
    DaysOffRule rule = DaysOffRule::Skip;
    TimeWindows blackout{};
};

/// Why nothing begins by itself at some time, and until when.
struct OffTime {
    SlotReason reason{};  ///< DayOff with the day's name, or Blackout with the window.
    TimePoint until{};    ///< The first instant of the next day, or behind the window.
};

/// When a job does not fire although its schedule is due: days off, and blackouts, which are windows of local time and
/// events with times. Immutable, safe from any thread.
class OffTimes {
public:
    /// `days` is settled. Events may overlap.
    OffTimes(OffKeys keys, DaysOff days, std::vector<OffStretch> events, std::shared_ptr<const TimeZone> zone);

    const OffKeys& keys() const { return _keys; }
    const DaysOff& days() const { return _days; }
    /// By their beginning.
    const std::vector<OffStretch>& events() const { return _events; }
    const TimeZone& zone() const { return *_zone; }
    bool moves() const { return _keys.rule == DaysOffRule::NextWorkingDay && !_days.empty(); }

    /// A day off comes before a blackout.
    std::optional<OffTime> at(TimePoint time) const;
    std::optional<OffTime> dayOffAt(TimePoint time) const;
    /// The end is that of all windows and events that meet there; the reason is the first one's.
    std::optional<OffTime> blackoutAt(TimePoint time) const;

    /// Of what decides when the slots are that days off have moved; 0: they move none.
    std::uint64_t fingerprint() const { return moves() ? _days.fingerprint() : 0; }

private:
    const OffStretch* eventAt(TimePoint time) const;

    OffKeys _keys;
    DaysOff _days;
    std::vector<OffStretch> _events;  // by their beginning
    std::vector<TimePoint> _reach;    // of each event: the latest end of it and those before it
    std::shared_ptr<const TimeZone> _zone;
};

}  // namespace carillon
