#include "alerts/AlertJudge.h"

#include "alerts/RunJudgement.h"
#include "scheduler/JobTable.h"
#include "shared/CrashPoint.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

constexpr std::chrono::seconds kLateLook{5};  // for jobs that are late
constexpr std::chrono::seconds kMark{10};     // of the newest run
constexpr std::chrono::hours kTrim{1};        // of old alerts
constexpr std::chrono::days kKept{30};        // alerts that were sent
constexpr std::chrono::hours kLookBack{24};   // after a kill: what is older is no news
constexpr std::size_t kRunsAtOnce = 1'000;

}  // namespace

AlertJudge::AlertJudge(CurrentPolicy current, std::string host, const Clock& clock, AlertCouriers& couriers)
    : _current(std::move(current)), _host(std::move(host)), _clock(clock), _couriers(couriers) {}

void AlertJudge::take(JobEvent&& event) {
    if (const auto* passed = std::get_if<PassedSlot>(&event)) {
        if (auto late = lateOf(passed->slot, passed->runningSince, _clock.now(), allowanceOf(passed->slot.job)))
            addLate(std::move(*late));
        return;
    }
    if (const auto* started = std::get_if<StartedRun>(&event)) addLateStart(started->identity);
    _taken.push_back(std::move(event));
}

void AlertJudge::work(Steady::time_point until) {
    const auto policy = _current();
    if (!policy->usesAny()) {
        _taken.clear();
        _late.clear();
        if (!policy->expectsAnything()) return;
    }
    if (!_store) _store.emplace(policy->configuration().host.stateDir, _clock);
    // Also where nobody is alerted: 'carillon status' counts from then on.
    _successes.follow(policy, *_store, _clock.now());
    if (!policy->usesAny()) return;
    catchUp();
    // Before the ends of runs: an end says that the job runs again.
    tellLate();
    // What a host that ends has no time for is in the history.
    for (; !_taken.empty() && Steady::now() < until; _taken.pop_front()) handle(_taken.front());
    lookForSlowRuns();
    lookForLateJobs();
    keepHouse();
}

/// What ended without this host's knowing, or while it had no room to keep it.
void AlertJudge::catchUp() {
    if (!_behind) return;
    const auto mark = _store->mark(_host);
    _seenUntil = std::max(_seenUntil, mark ? std::max(*mark, _clock.now() - kLookBack) : _clock.now());
    std::set<std::string> awaited;
    for (;;) {
        const auto runs = _store->runsEndedAfter(_host, _seenUntil, kRunsAtOnce);
        for (const auto& row : runs) lookBack(row, awaited);
        if (runs.size() < kRunsAtOnce) break;
    }
    // No host tries again what somebody ran without one.
    for (const auto& job : awaited)
        if (!_store->hasRetry(job)) endRetries(job);
    _behind = false;
}

void AlertJudge::lookBack(const RunRow& row, std::set<std::string>& awaited) {
    addLateStart(identityOf(row));
    tellLate();
    auto run = withRetries(endedRunOf(row), row.attempt, _current()->configuration());
    if (!run.isReplay) run.findings = judgeRun(_current()->expectationsOf(row.job), row, _clock.now());
    end(run, Source::History);
    if (run.triedAgain) awaited.insert(run.job);
    _seenUntil = std::max(_seenUntil, run.finishedAt);
}

void AlertJudge::handle(const JobEvent& event) {
    if (const auto* started = std::get_if<StartedRun>(&event)) begin(*started);
    if (const auto* ended = std::get_if<EndedRun>(&event)) end(*ended, Source::Scheduler);
    if (const auto* ended = std::get_if<RetriesEnded>(&event)) endRetries(ended->job);
}

void AlertJudge::begin(const StartedRun& started) {
    _runs.began(started.identity, *_current());
    if (!_current()->rulesOf(started.identity.job).pingUrl.empty())
        _couriers[AlertChannel::Ping]->noteStart(started.identity.job, started.identity.run);
}

void AlertJudge::end(const EndedRun& run, Source source) {
    _runs.ended(run.run);
    if (!run.isReplay && (run.outcome == Outcome::Succeeded || run.outcome == Outcome::NothingToDo))
        _successes.succeeded(run.job, run.finishedAt);
    const AlertRules rules = _current()->rulesOf(run.job);
    AlertStore::Question question;
    question.job = run.job;
    question.decide = [&](const AlertState& state, TimePoint snoozedUntil) -> AlertDecision {
        // A run before the newest one that mattered was looked at; that it was is not kept of each.
        if (source == Source::History && run.finishedAt <= state.seenUntil) return {state, {}};
        return decideAlerts(state, rules, run, snoozedUntil, _clock.now());
    };
    question.channels = _current()->channelsFor(rules);
    const bool isToldByPing = !rules.pingUrl.empty() && !run.triedAgain;
    if (isToldByPing) _couriers[AlertChannel::Ping]->noteEnd(run.job, run.run);
    // Of a run that was stopped a monitor would have to say that it failed or succeeded.
    if (isToldByPing && run.outcome != Outcome::Stopped) {
        Alert ping;
        ping.kind = run.outcome == Outcome::Failed ? AlertKind::Failed : AlertKind::Recovered;
        ping.job = run.job;
        ping.host = _host;
        ping.event = ping.run = run.run;
        ping.at = run.finishedAt;
        ping.message = run.message;
        question.ping = std::move(ping);
    }
    ask(std::move(question));
    _seenUntil = std::max(_seenUntil, run.finishedAt);
}

template <class Decide>
void AlertJudge::tell(const std::string& job, Decide decide) {
    const AlertRules rules = _current()->rulesOf(job);
    AlertStore::Question question;
    question.job = job;
    question.decide = [&](const AlertState& state, TimePoint snoozedUntil) {
        return decide(state, rules, snoozedUntil, _clock.now());
    };
    question.channels = _current()->channelsFor(rules);
    ask(std::move(question));
}

template <class Finding>
void AlertJudge::tellFinding(const Finding& finding) {
    tell(finding.job, [&finding](const AlertState& state, const AlertRules& rules, TimePoint snoozedUntil,
                                 TimePoint now) { return decideAlerts(state, rules, finding, snoozedUntil, now); });
}

void AlertJudge::endRetries(const std::string& job) {
    tell(job, [&job](const AlertState& state, const AlertRules& rules, TimePoint snoozedUntil, TimePoint now) {
        return decideRetriesEnded(job, state, rules, snoozedUntil, now);
    });
}

void AlertJudge::ask(AlertStore::Question question) {
    question.complete = [this](Alert& alert) {
        const auto job = _current()->configuration().find(alert.job);
        alert.title = job ? job->title() : "";
        alert.host = _host;
        alert.lastSuccess = _store->lastSuccess(alert.job);
    };
    if (!_store->decide(question)) return;
    crashPoint("alert.decided");
    for (auto& [channel, courier] : _couriers) courier->wake();
}

void AlertJudge::addLateStart(const RunIdentity& run) {
    if (auto late = lateOf(run, allowanceOf(run.job))) addLate(std::move(*late));
}

void AlertJudge::addLate(LateSlots slots) {
    const auto [known, isNew] = _late.try_emplace(slots.job, slots);
    if (isNew) return;
    known->second.first = std::min(known->second.first, slots.first);
    known->second.last = std::max(known->second.last, slots.last);
    known->second.count += slots.count;
}

void AlertJudge::tellLate() {
    for (; !_late.empty(); _late.erase(_late.begin())) tellFinding(_late.begin()->second);
}

/// By the clock: whatever keeps a job from running, also a host that is gone.
void AlertJudge::lookForLateJobs() {
    if (Steady::now() < _nextLook) return;
    _nextLook = Steady::now() + kLateLook;
    const auto policy = _current();
    const TimePoint now = _clock.now();
    for (const auto& [job, slot] : _store->lateJobs(now)) {
        const auto ref = policy->configuration().find(job);
        if (!ref || !ref->enabled()) continue;
        const auto why = ref->isFaulty() ? kLateFaulty : kLateWaits;
        if (now - slot > allowanceOf(job)) addLate({job, slot, slot, 1, std::string(why)});
    }
    tellLate();
    lookForSuccesses();
}

/// By the clock, so that a run is told of that never ends.
void AlertJudge::lookForSlowRuns() {
    for (const auto& run : _runs.slow(*_current(), _clock.now())) tellFinding(run);
}

/// By the clock: whatever keeps a job from succeeding, also that it never runs.
void AlertJudge::lookForSuccesses() {
    for (const auto& overdue : _successes.overdue(*_store, _clock.now())) tellFinding(overdue);
}

void AlertJudge::keepHouse() {
    const auto now = Steady::now();
    if (now >= _nextMark && _seenUntil != _markedUntil) {
        _nextMark = now + kMark;
        _store->setMark(_host, _seenUntil);
        _markedUntil = _seenUntil;
    }
    if (now < _nextTrim) return;
    _nextTrim = now + kTrim;
    _store->trim(_clock.now() - kKept);
}

/// How much later than its slot a job may begin.
std::chrono::microseconds AlertJudge::allowanceOf(const std::string& job) const {
    const auto policy = _current();
    const auto ref = policy->configuration().find(job);
    return policy->rulesOf(job).late + (ref ? splayOf(ref->settings()->splay, job) : std::chrono::microseconds(0));
}

}  // namespace carillon
