#include "scheduler/SlotDecision.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace carillon {
namespace {

using Slots = std::vector<TimePoint>;

constexpr std::chrono::microseconds kTick{1};

/// A slot that may fire, with the earlier ones that it stands for.
struct Candidate {
    Slots merged{};
    TimePoint slot{};
    bool late = false;
};

/// Of all slots, or of those that fire: the first one after a time.
using NextSlot = std::optional<TimePoint> (Timetable::*)(TimePoint) const;

Slots slotsBetween(const Timetable& schedule, NextSlot next, TimePoint from, TimePoint to) {
    Slots slots;
    for (auto slot = (schedule.*next)(from - kTick); slot && *slot <= to; slot = (schedule.*next)(*slot))
        slots.push_back(*slot);
    return slots;
}

/// The last ones of a long time are found by looking back further and further, not by counting from its beginning.
Slots dueSlots(const Timetable& schedule, NextSlot next, TimePoint first, TimePoint now, bool& olderOmitted) {
    for (std::chrono::microseconds back = std::chrono::hours(1);; back *= 4) {
        const bool whole = now - first <= back;
        Slots slots = slotsBetween(schedule, next, whole ? first : now - back, now);
        const bool enough = slots.size() >= kRecordedSlots;
        if (!whole && !enough) continue;
        olderOmitted = !whole || slots.size() > kRecordedSlots;
        if (slots.size() > kRecordedSlots) slots.erase(slots.begin(), slots.end() - kRecordedSlots);
        return slots;
    }
}

class Decider {
public:
    Decider(const Timetable& schedule, const JobSettings& settings, const JobSituation& job, TimePoint now)
        : _schedule(schedule), _settings(settings), _job(job), _now(now - job.splay), _at(now) {}

    SlotDecision decide() {
        Slots due = dueSlots(_schedule, &Timetable::next, _job.firstDue, _now, _decision.olderOmitted);
        _decision.next = due.empty() ? _schedule.next(_now) : _schedule.next(due.back());
        takeOff(due);
        if (!due.empty()) decideAmong(due);
        endOff();
        return _decision;
    }

private:
    /// Takes from the slots those that do not fire in any case.
    void takeOff(Slots& due) {
        if (_schedule.off() == nullptr) return;
        std::erase_if(due, [this](TimePoint slot) {
            auto off = _schedule.whyOff(slot);
            if (off) _off.push_back({slot, SlotEnding::Skipped, std::move(off->reason)});
            return off.has_value();
        });
        // A long blackout of many slots does not push out what has waited since before it.
        bool isCut = false;
        if (_decision.olderOmitted) due = dueSlots(_schedule, &Timetable::nextFiring, _job.firstDue, _now, isCut);
    }

    /// Those before the first slot that is left have ended; the others come when that one has.
    void endOff() {
        const auto isLeft = [this](const EndedSlot& off) { return _decision.next && off.slot >= *_decision.next; };
        std::erase_if(_off, isLeft);
        if (_off.empty()) return;
        auto& ended = _decision.ended;
        ended.insert(ended.end(), _off.begin(), _off.end());
        std::sort(ended.begin(), ended.end(), [](const auto& one, const auto& other) { return one.slot < other.slot; });
    }

    void decideAmong(const Slots& due) {
        if (_job.blocked.skip != SkipReason::None) {
            end(due, SlotEnding::Skipped, _job.blocked);
            return;
        }
        splitLate(due);
        dropLate();
        auto candidates = gather();
        if (!candidates.empty()) choose(std::move(candidates));
    }

    /// In which its time passed; null: in none.
    const UnseenTime* unseenOf(TimePoint slot) const {
        const TimePoint due = slot + _job.splay;
        const auto time = std::find_if(_job.unseen.begin(), _job.unseen.end(), [due](const UnseenTime& unseen) {
            return due > unseen.from && due <= unseen.to;
        });
        return time == _job.unseen.end() ? nullptr : &*time;
    }
    bool isLate(TimePoint slot) const { return unseenOf(slot) != nullptr; }

    void end(const Slots& slots, SlotEnding ending, const SlotReason& reason) {
        for (const auto slot : slots) _decision.ended.push_back({slot, ending, reason});
    }

    void miss(const Slots& slots, SkipReason reason) {
        for (const auto slot : slots) {
            const UnseenTime* unseen = unseenOf(slot);
            _decision.ended.push_back({slot, SlotEnding::Missed, {reason, unseen == nullptr ? "" : unseen->why}});
        }
    }

    /// Up to the last late one: one that waits since before an unseen time has become late with the others.
    void splitLate(const Slots& due) {
        const auto lastLate = std::find_if(due.rbegin(), due.rend(), [this](TimePoint slot) { return isLate(slot); });
        _late.assign(due.begin(), lastLate.base());
        _timely.assign(lastLate.base(), due.end());
    }

    /// The oldest late ones end here.
    void dropLate() {
        const auto inWindow = std::find_if(_late.begin(), _late.end(),
                                           [this](TimePoint slot) { return _now - slot <= _settings.misfireWindow; });
        miss(Slots(_late.begin(), inWindow), SkipReason::TooOld);
        _late.erase(_late.begin(), inWindow);
        if (_settings.misfire == Misfire::Skip) {
            miss(_late, SkipReason::LateSkipped);
            _late.clear();
        }
        const auto most = static_cast<std::size_t>(_settings.misfireMax);
        if (_settings.misfire == Misfire::RunAll && _late.size() > most) {
            const auto kept = _late.end() - static_cast<std::ptrdiff_t>(most);
            miss(Slots(_late.begin(), kept), SkipReason::BeyondMost);
            _late.erase(_late.begin(), kept);
        }
    }

    bool catchesUp() const { return _settings.misfire == Misfire::RunAll && !_late.empty(); }
    bool inTurn() const { return _settings.overlap == Overlap::Queue || catchesUp(); }

    static Candidate together(Slots slots, bool late) {
        Candidate candidate{std::move(slots), {}, late};
        candidate.slot = candidate.merged.back();
        candidate.merged.pop_back();
        return candidate;
    }

    std::vector<Candidate> gather() const {
        std::vector<Candidate> candidates;
        if (!inTurn()) {
            Slots all = _late;
            all.insert(all.end(), _timely.begin(), _timely.end());
            if (!all.empty()) candidates.push_back(together(std::move(all), _timely.empty()));
            return candidates;
        }
        if (_settings.misfire == Misfire::RunAll)
            for (const auto slot : _late) candidates.push_back({{}, slot, true});
        else if (!_late.empty())
            candidates.push_back(together(_late, true));
        for (const auto slot : _timely) candidates.push_back({{}, slot, false});
        return candidates;
    }

    void skip(const Candidate& candidate, SkipReason reason) {
        end(candidate.merged, SlotEnding::Skipped, {reason, {}});
        end({candidate.slot}, SlotEnding::Skipped, {reason, {}});
    }

    /// Leaves the first candidate and all behind it for a later look.
    void leave(const Candidate& first) { _decision.next = first.merged.empty() ? first.slot : first.merged.front(); }

    void choose(std::vector<Candidate> candidates) {
        const bool free = _job.running == 0 || _settings.overlap == Overlap::Allow;
        if (!free && !inTurn() && _settings.overlap == Overlap::Skip) {
            skip(candidates.front(), SkipReason::Overlap);
            return;
        }
        const bool held = _schedule.heldUntil(_at).has_value();
        if (inTurn()) dropBeyondQueue(candidates, free && !held);
        if (!free || held) {
            _decision.replaces = !held && _settings.overlap == Overlap::Replace;
            leave(candidates.front());
            return;
        }
        end(candidates.front().merged, SlotEnding::Merged, {});
        _decision.fire = candidates.front().slot;
        _decision.misfire = candidates.front().late;
        if (candidates.size() > 1) leave(candidates[1]);
    }

    /// A short queue does not cut what is caught up, and what fires does not wait.
    void dropBeyondQueue(std::vector<Candidate>& candidates, bool fires) {
        const int waiting = catchesUp() ? std::max(_settings.queueMax, _settings.misfireMax) : _settings.queueMax;
        const auto most = static_cast<std::size_t>(waiting) + (fires ? 1U : 0U);
        if (candidates.size() <= most) return;
        const auto kept = candidates.end() - static_cast<std::ptrdiff_t>(most);
        for (auto candidate = candidates.begin(); candidate != kept; ++candidate)
            skip(*candidate, SkipReason::QueueFull);
        candidates.erase(candidates.begin(), kept);
    }

    const Timetable& _schedule;
    const JobSettings& _settings;
    const JobSituation& _job;
    const TimePoint _now;  // as its slots tell it
    const TimePoint _at;
    std::vector<EndedSlot> _off;
    Slots _late;
    Slots _timely;
    SlotDecision _decision;
};

}  // namespace

SlotDecision decideSlots(const Timetable& schedule, const JobSettings& settings, const JobSituation& job,
                         TimePoint now) {
    return Decider(schedule, settings, job, now).decide();
}

}  // namespace carillon
