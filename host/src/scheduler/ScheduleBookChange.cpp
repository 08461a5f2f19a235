#include "scheduler/ScheduleBook.h"

#include <algorithm>
#include <utility>

// What changes the book besides its own rounds: the store at the start, another configuration, runs that begin and end
// elsewhere, and people.

namespace carillon {

void ScheduleBook::load(ScheduleStore& store, TimePoint now) {
    JobIndex hint = 0;
    store.readSchedules([&](const ScheduleRow& row) { takeRow(row, hint, now); });
    hint = 0;
    store.readFences([&](const JobFence& row) {
        const auto job = _jobs.find(row.job, hint);
        if (!job) return;
        _jobs.at(*job).fence = row.fence;
        hint = *job + 1;
    });
    for (JobIndex job = 0; job < _jobs.size(); ++job)
        if (!_jobs[job].stored) follow(job, 0, nullptr, now);
    expectAll(now);
}

void ScheduleBook::takeRow(const ScheduleRow& row, JobIndex& hint, TimePoint now) {
    const auto index = _jobs.find(row.job, hint);
    if (!index) {
        if (row.next) {
            orphanSlots(row.job, *row.next, nullptr, SkipReason::JobRemoved, now);
            _removed.push_back({row.job, 0, {}, row.paused, false, {}, row.pause});
        }
        if (row.paused) _pausedAndGone[row.job] = row.pause;
        return;
    }
    hint = *index + 1;  // both are in the order of their names, mostly
    ScheduledJob& job = _jobs.at(*index);
    job.stored = true;
    if (row.paused) setPause(*index, row.pause);
    job.busy = row.busy;
    job.next = row.next.value_or(kNever);
    if (row.retry) _retries[*index] = *row.retry;
    follow(*index, row.plan, nullptr, now);
}

/// The slots of a schedule that is no more, from the first one without a row up to now: nothing fires for them. A day
/// off or a blackout is one all the same.
/// `schedule` is null where only that first one is known.
void ScheduleBook::orphanSlots(const std::string& job, TimePoint first, const Timetable* schedule, SkipReason why,
                               TimePoint now) {
    std::optional<TimePoint> slot = first;
    for (std::size_t count = 0; slot && *slot <= now && count < kRecordedSlots; ++count) {
        const auto off = schedule == nullptr ? std::nullopt : schedule->whyOff(*slot);
        _orphans.push_back({job,
                            *slot,
                            off ? SlotEnding::Skipped : SlotEnding::Missed,
                            off ? off->reason : SlotReason{why, {}},
                            "",
                            Trigger::Schedule,
                            {}});
        slot = schedule == nullptr ? std::nullopt : schedule->next(*slot);
    }
}

/// Sees to it that `next` is a slot of the job's own schedule; `plan` is that to which it belongs so far, 0 for none,
/// and `before` the schedule of that, null when it is not known.
void ScheduleBook::follow(JobIndex index, std::int64_t plan, const Timetable* before, TimePoint now) {
    ScheduledJob& job = _jobs.at(index);
    if (!job.plan || (job.stored && plan == job.plan->fingerprint)) return;
    orphanSlots(_jobs.nameOf(index), job.next, before, SkipReason::ScheduleChanged, now);
    if (!job.stored)
        if (const auto gone = _pausedAndGone.extract(_jobs.nameOf(index))) setPause(index, gone.mapped());
    const Timetable* schedule = job.schedule();
    job.next = schedule == nullptr ? kNever : schedule->next(now).value_or(kNever);
    change(index);
}

void ScheduleBook::apply(std::shared_ptr<const Configuration> configuration, TimePoint now) {
    const JobTable before = std::exchange(_jobs, JobTable(std::move(configuration)));
    const auto retries = std::exchange(_retries, {});
    const auto skips = std::exchange(_skips, {});
    const auto pauses = std::exchange(_pauses, {});
    _heldElsewhere.clear();
    _firings.clear();
    _changed.clear();
    for (JobIndex from = 0; from < before.size(); ++from) {
        const auto pause = pauses.find(from);
        const auto job =
            carryOver(before, from, pause == pauses.end() ? std::nullopt : std::optional(pause->second), now);
        if (!job) continue;
        if (const auto retry = retries.find(from); retry != retries.end()) _retries.insert({*job, retry->second});
        if (const auto skip = skips.find(from); skip != skips.end()) _skips.insert({*job, skip->second});
        if (before[from].changed) change(*job);
    }
    std::erase_if(_removed, [this](const ScheduleRow& row) { return _jobs.find(row.job).has_value(); });
    for (JobIndex job = 0; job < _jobs.size(); ++job)
        if (!_jobs[job].stored) follow(job, 0, nullptr, now);
    expectAll(now);
}

std::optional<JobIndex> ScheduleBook::carryOver(const JobTable& before, JobIndex from,
                                                const std::optional<Pause>& pause, TimePoint now) {
    const ScheduledJob& old = before[from];
    const std::string name = before.nameOf(from);
    const auto index = _jobs.find(name, from);
    if (!index) {
        orphanSlots(name, old.next, old.schedule(), SkipReason::JobRemoved, now);
        _removed.push_back({name, 0, {}, old.paused, false, {}, pause.value_or(Pause{})});
        if (pause) _pausedAndGone[name] = *pause;
        return {};
    }
    ScheduledJob& job = _jobs.at(*index);
    job.next = old.next;
    job.fence = old.fence;
    job.running = old.running;
    setPause(*index, pause);
    job.busy = old.busy && job.plan && job.plan->busySchedule;
    job.stored = true;
    if (!old.stored || job.busy != old.busy) change(*index);
    follow(*index, old.plan ? old.plan->fingerprint : 0, old.schedule(), now);
    return index;
}

void ScheduleBook::expectAll(TimePoint now) {
    _due.reset(_jobs.size());
    _ready.clear();
    _groupWaiting.clear();
    for (JobIndex job = 0; job < _jobs.size(); ++job) {
        _jobs.at(job).waiting = false;
        if (_jobs.dueAt(job) <= now)
            makeReady(job);  // also when a run goes on: other settings may decide otherwise
        else
            expect(job, now);
    }
}

void ScheduleBook::writeAllRows() {
    for (JobIndex job = 0; job < _jobs.size(); ++job) change(job);
}

void ScheduleBook::begin(JobIndex job, const Claim& claim) {
    ++_jobs.at(job).running;
    _jobs.at(job).fence = claim.identity.fence;
    _runs[claim.identity.job] = claim.identity.run;
    _heldElsewhere.erase(job);
}

void ScheduleBook::end(const RunIdentity& run, const RunReport& report, TimePoint now) {
    if (const auto last = _runs.find(run.job); last != _runs.end() && last->second == run.run) _runs.erase(last);
    const auto index = _jobs.find(run.job);
    if (!index) return;  // a reload has removed it
    ScheduledJob& job = _jobs.at(*index);
    if (job.running > 0) --job.running;
    job.brief = now - run.startedAt <= kBriefRun;
    if (!job.plan) return;
    // An act on rejects is not tried again as a run of the job, and tells nothing of what waits for one.
    if (!isOwnWork(run.trigger)) return expect(*index, now);
    const auto& settings = *job.plan->settings;
    // Not while slots of the schedule in force still wait: the run that they become tells again.
    if (const bool busy = report.valueOf(FigureRole::Backlog).value_or(0) > 0;
        busy != job.busy && job.plan->busySchedule && job.next > now) {
        job.busy = busy;
        _firings.erase(*index);
        job.next = job.schedule()->next(std::max(now, _lookedAt)).value_or(kNever);
        change(*index);
    }
    if (report.outcome == Outcome::Failed && !report.givenUp && run.attempt <= settings.retries &&
        job.blocked() == SkipReason::None) {
        const auto usual = retryDelay(settings.retryDelay, settings.retryMaxDelay, run.attempt + 1, _random);
        const auto delay = std::max<std::chrono::milliseconds>(usual, report.retryAfter);
        _retries[*index] = {now + delay, run.scheduledAt, run.attempt + 1, run.trigger};
        change(*index);
    }
    expect(*index, now);
}

void ScheduleBook::wakeGroups(const std::function<bool(const std::string&)>& hasRoom) {
    for (auto& [group, jobs] : _groupWaiting) {
        if (!hasRoom(group)) continue;
        _ready.push_front(jobs.front());
        jobs.pop_front();
    }
    std::erase_if(_groupWaiting, [](const auto& group) { return group.second.empty(); });
}

bool ScheduleBook::cancelRetry(JobIndex index, TimePoint now) {
    if (_retries.erase(index) == 0) return false;
    change(index);
    expect(index, now);
    return true;
}

bool ScheduleBook::skipDue(JobIndex index, SlotReason reason, TimePoint now) {
    const ScheduledJob& job = _jobs[index];
    if (job.schedule() == nullptr || job.blocked() != SkipReason::None || _jobs.dueAt(index) > now) return false;
    _skips[index] = {std::move(reason), now};
    makeReady(index);
    return true;
}

TimePoint ScheduleBook::nextFiringOf(JobIndex index) {
    const ScheduledJob& job = _jobs[index];
    const Timetable* schedule = job.schedule();
    if (schedule == nullptr || job.next == kNever || !schedule->whyOff(job.next)) return job.next;
    FiringBehind& known = _firings[index];
    if (known.slot != job.next) known = {job.next, schedule->nextFiring(job.next).value_or(kNever)};
    return known.fires;
}

std::size_t ScheduleBook::waiting() const {
    std::size_t count = _ready.size();
    for (const auto& [group, jobs] : _groupWaiting) count += jobs.size();
    return count;
}

}  // namespace carillon
