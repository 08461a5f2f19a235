#include "calendar/Timetable.h"

#include "schedule/LocalTime.h"

#include <algorithm>
#include <string>
#include <utility>

namespace carillon {
namespace {

using namespace std::chrono;

constexpr sys_seconds kSlotsBegin = sys_days(1970y / January / 1);
constexpr sys_seconds kSlotsEnd = sys_days(2200y / January / 1);
constexpr std::size_t kMostLooks = 2'000;

/// `2026-07-15 03:00`, with seconds if there are any.
std::string minuteText(local_seconds at) {
    const std::string text = toShortRfc3339(TimePoint(at.time_since_epoch()));
    const std::string time = text.substr(11, 8);
    return text.substr(0, 10) + ' ' + (time.ends_with(":00") ? time.substr(0, 5) : time);
}

}  // namespace

Timetable::Timetable(std::shared_ptr<const Schedule> schedule, std::shared_ptr<const OffTimes> off)
    : _schedule(std::move(schedule)), _off(std::move(off)), _moves(_off && _off->moves()) {}

// Invariant: a slot that is moved lies in the unbroken row of days off right before the day it is moved to. So what is
// moved to a time after `after`, and whose own time is not after it too, is moved to the day of `after`, or, where that
// is a day off, to the first working day behind it: no other day needs a look.
std::optional<TimePoint> Timetable::nextOfBoth(TimePoint after) const {
    if (after >= kSlotsEnd) return std::nullopt;
    const auto own = _schedule->next(after);
    auto moved = nextMoved(after, own);
    if (moved >= kSlotsEnd) moved.reset();
    return own && (!moved || *own <= *moved) ? own : moved;
}

/// Only what comes before `own` matters.
std::optional<TimePoint> Timetable::nextMoved(TimePoint after, const std::optional<TimePoint>& own) const {
    const TimeZone& zone = _off->zone();
    const DaysOff& off = _off->days();
    const auto from = std::max(floor<seconds>(after) + 1s, kSlotsBegin);
    const auto& period = zone.periodAt(from);
    const local_seconds unseen = period.firstUnseen(from);
    auto day = floor<days>(unseen);
    seconds time = unseen - day;
    if (off.isOff(day)) {
        const auto working = off.workingDayAfter(day);
        if (!working) return std::nullopt;
        day = *working;
        time = 0s;
        if (own && *own <= zone.firstPass(day, period)) return std::nullopt;
    }
    std::optional<seconds> first;
    for (auto rest = day - days(1); off.isOff(rest) && day - rest <= DaysOff::kLongestRest; rest -= days(1)) {
        const auto found = firstTimeOn(rest, time);
        if (found) first = std::min(found, first ? first : found);
    }
    return first ? std::optional<TimePoint>(zone.firstPass(day + *first, period)) : std::nullopt;
}

/// The first time of that day, from `from` on, at which the schedule is due.
std::optional<seconds> Timetable::firstTimeOn(local_days day, seconds from) const {
    const TimeZone& zone = _off->zone();
    sys_seconds begin = zone.toUtc(day + from);
    for (;;) {
        const auto slot = _schedule->next(TimePoint(begin) - microseconds(1));
        if (!slot) return std::nullopt;
        const auto second = floor<seconds>(*slot);
        const auto& period = zone.periodAt(second);
        const auto local = period.toLocal(second);
        if (floor<days>(local) != day) return std::nullopt;
        if (local >= day + from) return local - day;
        // Clocks were put back behind `from`: it comes once more.
        begin = period.toUtc(day + from);
    }
}

std::optional<TimePoint> Timetable::targetOf(TimePoint slot) const {
    const auto second = floor<seconds>(slot);
    const auto& period = _off->zone().periodAt(second);
    const auto local = period.toLocal(second);
    const auto day = floor<days>(local);
    const auto working = _off->days().workingDayAfter(day);
    if (!working) return std::nullopt;
    return _off->zone().firstPass(*working + (local - day), period);
}

std::optional<OffSlot> Timetable::whyOff(TimePoint slot) const {
    if (!_off) return std::nullopt;
    auto off = _off->at(slot);
    if (!off) return std::nullopt;
    OffSlot found{slot, std::move(off->reason), off->until};
    const auto target = _moves && found.reason.skip == SkipReason::DayOff ? targetOf(slot) : std::nullopt;
    if (target)
        found.reason = {SkipReason::Moved,
                        minuteText(_off->zone().toLocal(floor<seconds>(*target))) + " (" + found.reason.detail + ')'};
    return found;
}

std::optional<TimePoint> Timetable::nextFiring(TimePoint after) const {
    return ahead(after, 0).fires;
}

Ahead Timetable::ahead(TimePoint after, std::size_t most) const {
    Ahead ahead;
    std::optional<TimePoint> slot = next(after);
    for (std::size_t stretches = 0; slot; ++stretches) {
        auto off = whyOff(*slot);
        if (!off) {
            ahead.fires = slot;
            break;
        }
        if (stretches == kMostLooks) break;
        slot = next(off->until - microseconds(1));
        const bool isSame = !ahead.off.empty() && ahead.off.back().reason == off->reason;
        if (isSame)
            ahead.off.back().until = off->until;
        else if (ahead.off.size() < most)
            ahead.off.push_back(std::move(*off));
    }
    return ahead;
}

std::optional<Timetable::WeekendMove> Timetable::findWeekendMove(TimePoint now) const {
    if (!_moves) return std::nullopt;
    const DaysOff& off = _off->days();
    const auto today = floor<days>(_off->zone().toLocal(floor<seconds>(now)));
    for (auto day = today; day - today <= days(366); day += days(1)) {
        const auto to = off.isOff(day) ? off.workingDayAfter(day) : std::nullopt;
        if (!to || (weekday(*to) != Saturday && weekday(*to) != Sunday)) continue;
        if (firstTimeOn(day, 0s) && !firstTimeOn(*to, 0s)) return WeekendMove{day, *to};
    }
    return std::nullopt;
}

std::optional<TimePoint> Timetable::heldUntil(TimePoint now) const {
    if (!_off) return std::nullopt;
    const auto blackout = _off->blackoutAt(now);
    return blackout ? std::optional(blackout->until) : std::nullopt;
}

}  // namespace carillon
