#include "scheduler/ScheduleBook.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace carillon {
namespace {

/// So many jobs are written in one transaction at most.
constexpr std::size_t kLooksARound = 500;

/// A hundred thousand rows are not held twice.
constexpr std::ptrdiff_t kRowsARound = 2'000;

/// How long a lock of another process is left alone.
constexpr std::chrono::seconds kHeldElsewhere{1};

/// Stretches further back matter to no slot that still waits.
constexpr std::size_t kKeptUnseen = 64;

bool isExclusive(const ScheduledJob& job) {
    return job.plan->settings->overlap != Overlap::Allow;
}

}  // namespace

ScheduleBook::ScheduleBook(std::shared_ptr<const Configuration> configuration, std::string hostName)
    : _hostName(std::move(hostName)), _jobs(std::move(configuration)), _random(std::random_device{}()) {}

void ScheduleBook::look(TimePoint now, const std::string& why) {
    if (now - kMisfireGrace > _lookedAt) {
        _unseen.push_back({_lookedAt, now - kMisfireGrace, why});
        if (_unseen.size() > kKeptUnseen) _unseen.erase(_unseen.begin());
    }
    // A clock that was set back finds what it has passed before in the ledger.
    _lookedAt = std::max(_lookedAt, now);
    const bool ahead = _due.nextAt() > _lookedAhead && nextAt() <= now;
    if (ahead) _lookedAhead = now + kHeadStart;
    while (const auto job = _due.takeDue(ahead ? _lookedAhead : now)) makeReady(*job);
}

TimePoint ScheduleBook::nextAt() const {
    const TimePoint next = _due.nextAt();
    return next == kNever || next <= _lookedAhead ? next : next - kHeadStart;
}

void ScheduleBook::makeReady(JobIndex job) {
    if (std::exchange(_jobs.at(job).waiting, true)) return;
    _ready.push_back(job);
}

/// When its next slot or retry is due; kNever: it has none.
TimePoint ScheduleBook::timeOf(JobIndex index) const {
    const ScheduledJob& job = _jobs[index];
    const auto retry = _retries.find(index);
    const TimePoint again =
        retry == _retries.end() || !job.plan || job.blocked() != SkipReason::None ? kNever : retry->second.at;
    return std::min(_jobs.dueAt(index), again);
}

/// When a run may start that is claimed now.
TimePoint ScheduleBook::startOf(JobIndex job, TimePoint now) const {
    const TimePoint due = timeOf(job);
    return due <= std::min(_lookedAhead, now + kHeadStart) ? std::max(now, due) : now;
}

/// The end of the blackout in which no run of the job begins by itself; nothing: there is none.
std::optional<TimePoint> ScheduleBook::heldUntil(JobIndex job, TimePoint now) const {
    const Timetable* schedule = _jobs[job].schedule();
    return schedule == nullptr ? std::nullopt : schedule->heldUntil(now);
}

/// Has the job looked at as soon as something may become of it.
void ScheduleBook::expect(JobIndex index, TimePoint now) {
    const ScheduledJob& job = _jobs[index];
    const TimePoint slot = _jobs.dueAt(index);
    TimePoint at = timeOf(index);
    if (job.running > 0 && job.plan && isExclusive(job))
        at = slot > now ? slot : kNever;  // what waits is looked at when the run ends
    else if (const auto held = _heldElsewhere.find(index); held != _heldElsewhere.end())
        at = std::max(at, slot > now ? std::min(slot, held->second.until) : held->second.until);
    // What waits through a blackout is looked at when that is over, and slots that come meanwhile at their time.
    if (const auto blackout = at <= now ? heldUntil(index, now) : std::nullopt)
        at = slot > now ? std::min(slot, *blackout) : *blackout;
    if (const auto pause = _pauses.find(index); pause != _pauses.end() && pause->second.until)
        at = std::min(at, *pause->second.until);
    if (at <= now)
        makeReady(index);
    else
        _due.set(index, at);
}

Round ScheduleBook::plan(TimePoint now, bool full, const TakeRoom& takeRoom) {
    Round round;
    addRows(round);
    while (!_ready.empty() && !full && round.looks.size() < kLooksARound) {
        const JobIndex job = _ready.front();
        _ready.pop_front();
        _jobs.at(job).waiting = false;
        lookAt(job, now, takeRoom, round, full);
    }
    return round;
}

void ScheduleBook::lookAt(JobIndex index, TimePoint now, const TakeRoom& takeRoom, Round& round, bool& full) {
    if (endPause(index, now, round)) return;
    const ScheduledJob& job = _jobs[index];
    const Timetable* schedule = job.schedule();
    const TimePoint at = startOf(index, now);
    Look look{index, {}, {}, false};
    if (schedule != nullptr && _jobs.dueAt(index) <= at) {
        const auto skip = _skips.find(index);
        const bool skips = skip != _skips.end() && job.blocked() == SkipReason::None;
        const JobSituation situation{job.next, _unseen, runningOf(index, at),
                                     skips ? skip->second.reason : blockedReason(index), _jobs.splayOf(index)};
        look.decision = decideSlots(*schedule, *job.plan->settings, situation, skips ? skip->second.until : at);
    } else if (job.next != kNever) {
        look.decision.next = job.next;
    }
    if (look.decision.fire) {
        if (!takeRoomFor(index, takeRoom, full)) return;
        RunIdentity run;
        run.trigger = look.decision.misfire ? Trigger::Misfire : Trigger::Schedule;
        run.scheduledAt = *look.decision.fire;
        run.startedAt = at;
        addStart(look, std::move(run), round);
        if (_retries.contains(index)) dropRetry(look, round);  // the new slot stands for the failed one
    } else if (planRetry(index, at, takeRoom, round, full)) {
        return;
    } else if (at > now) {
        return expect(index, now);  // what else becomes of a slot is not known before it
    }
    addSlots(look, round);
    round.looks.push_back(std::move(look));
}

/// The place in the queue is kept while there is no room.
bool ScheduleBook::takeRoomFor(JobIndex index, const TakeRoom& takeRoom, bool& full) {
    const auto& settings = *_jobs[index].plan->settings;
    const Room room = takeRoom(settings, _jobs[index].brief);
    if (room == Room::Free) return true;
    _jobs.at(index).waiting = true;
    if (room == Room::GroupFull) {
        _groupWaiting[settings.group].push_back(index);
    } else {
        _ready.push_front(index);
        full = true;
    }
    return false;
}

bool ScheduleBook::planRetry(JobIndex index, TimePoint now, const TakeRoom& takeRoom, Round& round, bool& full) {
    const auto retry = _retries.find(index);
    const ScheduledJob& job = _jobs[index];
    if (retry == _retries.end() || retry->second.at > now || !job.plan || heldUntil(index, now)) return false;
    if (job.blocked() != SkipReason::None || runningOf(index, now) > 0) return false;
    if (!takeRoomFor(index, takeRoom, full)) return true;
    RunIdentity run;
    run.trigger = Trigger::Retry;
    run.attempt = retry->second.attempt;
    run.scheduledAt = retry->second.slot;
    run.startedAt = now;
    Look look{index, {}, {}, false};
    if (job.next != kNever) look.decision.next = job.next;
    addStart(look, std::move(run), round);
    dropRetry(look, round);
    round.looks.push_back(std::move(look));
    return true;
}

/// The job's one row in the batch.
ScheduleRow& ScheduleBook::rowIn(Round& round, JobIndex job) {
    auto& rows = round.batch.rows;
    const auto place = std::find(round.rows.begin(), round.rows.end(), job) - round.rows.begin();
    if (place == std::ssize(round.rows)) {
        round.rows.push_back(job);
        rows.insert(rows.begin() + place, rowOf(job));
    }
    return rows[static_cast<std::size_t>(place)];
}

/// In the transaction of the run that takes its place.
void ScheduleBook::dropRetry(Look& look, Round& round) {
    look.dropsRetry = true;
    rowIn(round, look.job).retry.reset();
}

void ScheduleBook::addStart(Look& look, RunIdentity run, Round& round) {
    const ScheduledJob& job = _jobs[look.job];
    run.job = _jobs.nameOf(look.job);
    run.run = newRunId(run.startedAt);
    run.host = _hostName;
    run.fence = job.fence + 1;
    look.start = round.batch.starts.size();
    round.batch.starts.push_back({std::move(run), isExclusive(job)});
}

void ScheduleBook::addSlots(const Look& look, Round& round) {
    if (!look.decision.moves()) return;
    const ScheduledJob& job = _jobs[look.job];
    const std::string name = _jobs.nameOf(look.job);
    const std::string run = look.start ? round.batch.starts[*look.start].identity.run : "";
    for (const auto& slot : look.decision.ended) {
        const std::string by = slot.ending == SlotEnding::Merged         ? run
                               : slot.reason.skip == SkipReason::Overlap ? runInProgress(look.job)
                                                                         : std::string();
        round.batch.slots.push_back({name, slot.slot, slot.ending, slot.reason, by, Trigger::Schedule, {}});
    }
    if (look.decision.fire)
        round.batch.slots.push_back({name,
                                     *look.decision.fire,
                                     SlotEnding::Ran,
                                     {},
                                     run,
                                     round.batch.starts[*look.start].identity.trigger,
                                     {}});
    round.batch.moves.push_back({name, job.next, look.decision.next});
}

/// For which a slot is skipped; empty: there is none.
std::string ScheduleBook::runInProgress(JobIndex job) const {
    if (const auto held = _heldElsewhere.find(job); held != _heldElsewhere.end()) return held->second.holder.run;
    const auto run = _runs.find(_jobs.nameOf(job));
    return run == _runs.end() ? "" : run->second;
}

/// Has the job's row in the store written anew.
void ScheduleBook::change(JobIndex job) {
    if (!std::exchange(_jobs.at(job).changed, true)) _changed.push_back(job);
}

void ScheduleBook::addRows(Round& round) {
    const auto first = _changed.end() - std::min(std::ssize(_changed), kRowsARound);
    round.rows.assign(first, _changed.end());
    _changed.erase(first, _changed.end());
    for (const JobIndex job : round.rows) {
        _jobs.at(job).changed = false;
        round.batch.rows.push_back(rowOf(job));
    }
    for (auto& row : std::exchange(_removed, {})) round.batch.rows.push_back(std::move(row));
    round.batch.slots = std::exchange(_orphans, {});
    round.orphans = round.batch.slots.size();
}

ScheduleRow ScheduleBook::rowOf(JobIndex index) const {
    const ScheduledJob& job = _jobs[index];
    ScheduleRow row{_jobs.nameOf(index), job.plan ? job.plan->fingerprint : 0, {}, job.paused, job.busy, {}, {}};
    if (job.next != kNever) row.next = job.next;
    if (const auto pause = _pauses.find(index); pause != _pauses.end()) row.pause = pause->second;
    if (const auto retry = _retries.find(index); retry != _retries.end()) row.retry = retry->second;
    return row;
}

std::vector<JobIndex> ScheduleBook::apply(const Round& round, const std::vector<StartAnswer>& answers, TimePoint now) {
    std::vector<JobIndex> replaced;
    for (const JobIndex job : round.rows) _jobs.at(job).stored = true;
    for (const Look& look : round.looks) {
        if (look.decision.replaces) replaced.push_back(look.job);
        if (look.start && !take(look, answers[*look.start], now)) continue;
        if (look.resumes) setPause(look.job, std::nullopt);
        settle(look, now);
        // Also while a run goes on, which may decide what becomes of a slot that is due by now.
        if (look.resumes && _jobs.dueAt(look.job) <= now) makeReady(look.job);
    }
    return replaced;
}

/// False: the job's lock was somebody else's, and nothing of the job was written.
bool ScheduleBook::take(const Look& look, const StartAnswer& answer, TimePoint now) {
    if (const auto* holder = std::get_if<Holder>(&answer)) {
        _heldElsewhere[look.job] = {*holder, now + kHeldElsewhere};
        if (look.dropsRetry) change(look.job);  // its row was written without it
        makeReady(look.job);                    // at once, since the lock may decide what becomes of the slot
        return false;
    }
    if (const auto* claim = std::get_if<Claim>(&answer)) begin(look.job, *claim);
    if (look.dropsRetry) _retries.erase(look.job);
    return true;
}

/// After a look whose result is written.
void ScheduleBook::settle(const Look& look, TimePoint now) {
    ScheduledJob& job = _jobs.at(look.job);
    job.next = look.decision.next.value_or(kNever);
    _skips.erase(look.job);
    expect(look.job, now);
}

void ScheduleBook::putBack(Round&& round) {
    for (const JobIndex job : round.rows) change(job);
    for (auto look = round.looks.rbegin(); look != round.looks.rend(); ++look)
        if (!std::exchange(_jobs.at(look->job).waiting, true)) _ready.push_front(look->job);
    for (auto& row : round.batch.rows)
        if (!_jobs.find(row.job)) _removed.push_back(std::move(row));
    const auto orphans = round.batch.slots.begin();
    std::move(orphans, orphans + static_cast<std::ptrdiff_t>(round.orphans), std::back_inserter(_orphans));
}

std::size_t ScheduleBook::runningOf(JobIndex job, TimePoint now) const {
    const auto held = _heldElsewhere.find(job);
    return _jobs[job].running + (held != _heldElsewhere.end() && now < held->second.until ? 1U : 0U);
}

}  // namespace carillon
