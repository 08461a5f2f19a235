#pragma once

#include "calendar/OffTimes.h"
#include "schedule/Schedule.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace carillon {

/// A slot that does not fire.
struct OffSlot {
    TimePoint slot{};
    SlotReason reason{};  ///< DayOff, Moved or Blackout.
    TimePoint until{};    ///< No slot before that fires: all have such a reason.
};

/// What lies ahead of a job.
struct Ahead {
    std::optional<TimePoint> fires{};  ///< The next slot that fires; nothing: none that can be found.
    std::vector<OffSlot> off{};        ///< Before it: the first slot of each day off and each blackout.
};

/// The slots of a job: those of its schedule, and those that days off have moved; and which of them do not fire.
/// Immutable, safe from any thread.
///
/// A slot on a day off is one all the same, which is accounted for. With DaysOffRule::NextWorkingDay it stands for a
/// second one: at the same local time of the next day that is no day off. A time that does not exist that day is the
/// first instant after the gap, and one that comes twice is its first pass, as in Schedule; slots that meet are one.
/// What is moved into a blackout does not fire there. Where no working day comes within DaysOff::kLongestRest, nothing
/// is moved.
class Timetable {
public:
    /// `off`: null: there are no such times. With a rule that moves, the schedule is no interval.
    explicit Timetable(std::shared_ptr<const Schedule> schedule, std::shared_ptr<const OffTimes> off = {});

    /// The first slot strictly after `after`, whether it fires or not; nothing when there is none before the year 2200.
    std::optional<TimePoint> next(TimePoint after) const { return _moves ? nextOfBoth(after) : _schedule->next(after); }
    /// Why a slot does not fire; nothing: it does.
    std::optional<OffSlot> whyOff(TimePoint slot) const;
    /// The first slot after `after` that fires; nothing when there is none before the year 2200, or behind more days
    /// off and blackouts than are looked at: 2,000, as many as nobody waits for.
    std::optional<TimePoint> nextFiring(TimePoint after) const;
    /// The same, with what does not fire until then: the first `most` of them, those with the same reason in a row as
    /// one.
    Ahead ahead(TimePoint after, std::size_t most) const;

    /// The end of the blackout in which nothing begins by itself at `now`; nothing: there is none.
    std::optional<TimePoint> heldUntil(TimePoint now) const;

    /// A slot of the year after `now` that moves to a Saturday or Sunday on which the schedule has none: its own day,
    /// and that one. Hardly meant.
    struct WeekendMove {
        std::chrono::local_days from{};
        std::chrono::local_days to{};
    };
    std::optional<WeekendMove> findWeekendMove(TimePoint now) const;

    const Schedule& schedule() const { return *_schedule; }
    const OffTimes* off() const { return _off.get(); }

private:
    std::optional<TimePoint> nextOfBoth(TimePoint after) const;
    std::optional<TimePoint> nextMoved(TimePoint after, const std::optional<TimePoint>& own) const;
    std::optional<std::chrono::seconds> firstTimeOn(std::chrono::local_days day, std::chrono::seconds from) const;
    std::optional<TimePoint> targetOf(TimePoint slot) const;

    std::shared_ptr<const Schedule> _schedule;
    std::shared_ptr<const OffTimes> _off;
    bool _moves;
};

}  // namespace carillon
