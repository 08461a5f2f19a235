#include "scheduler/ScheduleBook.h"

#include <algorithm>
#include <utility>

// Pauses: who wants one, what it holds up, and how it ends by itself.

namespace carillon {
namespace {

/// A slot at the very end of a pause is not in it.
constexpr std::chrono::microseconds kBeforeEnd{1};

}  // namespace

bool ScheduleBook::pause(JobIndex index, const Pause& pause, TimePoint now) {
    Pause wanted = pause;
    if (const auto before = pauseOf(index)) {
        if (wanted.note.empty()) wanted.note = before->note;
        if (wanted.until == before->until && wanted.note == before->note) return false;
        if (before->since != TimePoint{}) wanted.since = before->since;
    }
    setPause(index, wanted);
    _retries.erase(index);
    change(index);
    expect(index, now);
    look(now);
    return true;
}

bool ScheduleBook::resume(JobIndex index, TimePoint now) {
    if (!_jobs[index].paused) return false;
    const SlotReason reason = blockedReason(index);
    setPause(index, std::nullopt);
    skipDue(index, reason, now);  // while all workers are taken nobody looks at what is due
    change(index);
    expect(index, now);
    look(now);
    return true;
}

std::optional<Pause> ScheduleBook::pauseOf(JobIndex job) const {
    const auto pause = _pauses.find(job);
    return pause == _pauses.end() ? std::nullopt : std::optional(pause->second);
}

/// Why it must not fire; None: it may.
SlotReason ScheduleBook::blockedReason(JobIndex job) const {
    const auto pause = _pauses.find(job);
    if (pause != _pauses.end()) return reasonOf(pause->second);
    return {_jobs[job].blocked(), {}};
}

void ScheduleBook::setPause(JobIndex job, const std::optional<Pause>& pause) {
    _jobs.at(job).paused = pause.has_value();
    if (pause)
        _pauses[job] = *pause;
    else
        _pauses.erase(job);
}

/// Invariant: the slots before the end of a pause get their rows in the transaction that ends it. A host that is
/// killed, or comes late, then neither runs one of them nor takes one behind that end for paused. What is due behind it
/// is looked at once that is written. False: there is no pause that is over.
bool ScheduleBook::endPause(JobIndex index, TimePoint now, Round& round) {
    const auto pause = _pauses.find(index);
    if (pause == _pauses.end() || !pause->second.until || *pause->second.until > now) return false;
    const ScheduledJob& job = _jobs[index];
    Look look{index, {}, {}, false};
    if (job.next != kNever) look.decision.next = job.next;
    const TimePoint last = *pause->second.until - kBeforeEnd;
    if (job.schedule() != nullptr && _jobs.dueAt(index) <= last) {
        const JobSituation situation{job.next, _unseen, 0, blockedReason(index), _jobs.splayOf(index)};
        look.decision = decideSlots(*job.schedule(), *job.plan->settings, situation, last);
    }
    look.resumes = pause->second;
    ScheduleRow& row = rowIn(round, index);
    row.paused = false;
    row.pause = {};
    addSlots(look, round);
    round.looks.push_back(std::move(look));
    return true;
}

}  // namespace carillon
