#pragma once

#include "carillon/Clock.h"
#include "schedule/CronCalendar.h"
#include "schedule/ScheduleError.h"
#include "schedule/TimeZone.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// When a job is due: a pure function of text, zone and name, the same on every host and after each restart.
/// Immutable, safe from any thread.
///
/// Daylight saving, as cron has it: an expression whose second, minute or hour field begins with `*` follows real time
/// through every change. Any other one names local times: one that does not exist that day comes once, at the first
/// instant after the gap, and merges there with others; one that comes twice counts at its first pass only.
/// `every` counts in UTC from 1970 on.
class Schedule {
public:
    /// `text`: a cron expression of 5 or 6 fields (seconds first), @hourly ... @yearly, `every 90s` or `@every 90s`.
    /// `zone`: a name of the time-zone database; empty: the system's own. `seed` (the job's name) decides what H stands
    /// for. Throws ScheduleError, also for dates that never come.
    static std::shared_ptr<const Schedule> parse(std::string_view text, const std::string& zone, std::string_view seed);

    Schedule(const CronExpression& cron, std::shared_ptr<const TimeZone> zone, std::string_view seed);
    Schedule(std::chrono::milliseconds every, std::shared_ptr<const TimeZone> zone);

    /// The first slot strictly after `after`; nothing when there is none before the year 2200.
    std::optional<TimePoint> next(TimePoint after) const;
    /// Whether the text contains H, so that jobs with other names have other slots.
    bool usesSeed() const { return _usesSeed; }
    bool isInterval() const { return _every.count() > 0; }
    /// Where its local times are those of clocks on the wall.
    const TimeZone& zone() const { return *_zone; }

private:
    std::optional<std::chrono::sys_seconds> nextInRealTime(std::chrono::sys_seconds from) const;
    std::optional<std::chrono::sys_seconds> nextLocalTime(std::chrono::sys_seconds from) const;

    std::shared_ptr<const TimeZone> _zone;
    CronCalendar _calendar{};
    std::chrono::milliseconds _every{0};  // 0: the calendar rules
    bool _realTime = false;
    bool _usesSeed = false;
};

}  // namespace carillon
