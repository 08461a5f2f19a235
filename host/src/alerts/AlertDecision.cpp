#include "alerts/AlertDecision.h"

#include "alerts/ExpectationDecision.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

/// One decision on its way.
class Decider {
public:
    Decider(const AlertState& state, const AlertRules& rules, TimePoint snoozedUntil, TimePoint now)
        : _rules(rules), _snoozed(now < snoozedUntil), _now(now) {
        _decision.state = state;
    }

    bool hasSeen(const EndedRun& run) const {
        const auto& seen = _decision.state.recentRuns;
        return std::find(seen.begin(), seen.end(), run.run) != seen.end();
    }

    void see(const EndedRun& run) {
        AlertState& state = _decision.state;
        state.seenUntil = std::max(state.seenUntil, run.finishedAt);
        state.lateTold = false;
        state.recentRuns.push_back(run.run);
        if (state.recentRuns.size() > AlertState::kRecentRuns) state.recentRuns.erase(state.recentRuns.begin());
    }

    /// Its slot is to be tried again. One of another slot that waited for that will wait for ever.
    void await(const EndedRun& run) {
        if (!run.isRetry) endRetries(run.job);
        _decision.state.awaited = {run.run, run.message, run.finishedAt};
    }

    /// What is awaited has failed for good.
    void endRetries(const std::string& job) {
        const auto awaited = std::exchange(_decision.state.awaited, {});
        if (!awaited) return;
        EndedRun run;
        run.job = job;
        run.run = awaited->run;
        run.message = awaited->message;
        run.finishedAt = awaited->finishedAt;
        fail(run);
    }

    /// No attempt comes after it. The last of a slot stands for those before, whose failures are one with it.
    void failForGood(const EndedRun& run) {
        const auto awaited = std::exchange(_decision.state.awaited, {});
        if (awaited && !run.isRetry) countFailure(awaited->finishedAt);
        fail(run);
    }

    /// No interval holds a recovery back: it answers a failure that was told, and those are apart.
    void succeed(const EndedRun& run) {
        AlertState& state = _decision.state;
        if (state.failureTold) {
            Alert alert = alertOf(AlertKind::Recovered, run);
            alert.count = state.failures;
            alert.since = state.failingSince;
            tell(std::move(alert));
        }
        state.failures = 0;
        state.failingSince.reset();
        state.awaited.reset();
        state.failureTold = false;
        state.toldAt.erase(AlertKind::Failed);  // the next failure is another outage
    }

    void lookAtRejects(const EndedRun& run) {
        if (run.rejected < _rules.rejects || isTooSoon(AlertKind::Rejects)) return;
        Alert alert = alertOf(AlertKind::Rejects, run);
        alert.count = run.rejected;
        tell(std::move(alert));
    }

    void lookAtBacklog(const EndedRun& run) {
        if (!run.backlog) return;
        AlertState& state = _decision.state;
        if (*run.backlog <= state.backlog) {
            state.growth = 0;
            state.growingSince.reset();
        } else if (state.growth++ == 0) {
            state.grownFrom = state.backlog;
            state.growingSince = run.finishedAt;
        }
        state.backlog = *run.backlog;
        if (state.growth < _rules.backlogRuns || state.backlog < _rules.backlogItems || isTooSoon(AlertKind::Backlog))
            return;
        Alert alert = alertOf(AlertKind::Backlog, run);
        alert.count = state.backlog;
        alert.before = state.grownFrom;
        alert.since = state.growingSince;
        tell(std::move(alert));
    }

    void lookAtLate(const LateSlots& slots) {
        AlertState& state = _decision.state;
        if (state.lateSlot && slots.last <= *state.lateSlot) return;
        state.lateSlot = slots.last;
        if (state.lateTold || isTooSoon(AlertKind::Missed)) return;
        Alert alert;
        alert.kind = AlertKind::Missed;
        alert.job = slots.job;
        alert.event = std::to_string(slots.last.time_since_epoch().count());
        alert.at = _now;
        alert.since = slots.first;
        alert.count = slots.count;
        alert.message = slots.why;
        if (tell(std::move(alert))) state.lateTold = true;
    }

    AlertDecision take() { return std::move(_decision); }

private:
    void fail(const EndedRun& run) {
        AlertState& state = _decision.state;
        countFailure(run.finishedAt);
        if ((state.failures < _rules.after && !run.givenUp) || isTooSoon(AlertKind::Failed)) return;
        Alert alert = alertOf(AlertKind::Failed, run);
        alert.count = state.failures;
        alert.since = state.failingSince;
        if (tell(std::move(alert))) state.failureTold = true;
    }

    void countFailure(TimePoint at) {
        if (_decision.state.failures++ == 0) _decision.state.failingSince = at;
    }

    static Alert alertOf(AlertKind kind, const EndedRun& run) {
        Alert alert;
        alert.kind = kind;
        alert.job = run.job;
        alert.event = run.run;
        alert.run = run.run;
        alert.message = run.message;
        alert.at = run.finishedAt;
        return alert;
    }

    /// One that lies ahead was told before the clock was set back.
    bool isTooSoon(AlertKind kind) const {
        const auto last = _decision.state.toldAt.find(kind);
        return last != _decision.state.toldAt.end() && last->second <= _now && _now - last->second < _rules.interval;
    }

    bool tell(Alert alert) {
        if (_snoozed || !_rules.has(alert.kind)) return false;
        _decision.state.toldAt[alert.kind] = _now;
        _decision.alerts.push_back(std::move(alert));
        return true;
    }

    const AlertRules& _rules;
    const bool _snoozed;
    const TimePoint _now;
    AlertDecision _decision;
};

}  // namespace

AlertDecision decideAlerts(const AlertState& state, const AlertRules& rules, const EndedRun& run,
                           TimePoint snoozedUntil, TimePoint now) {
    Decider decider(state, rules, snoozedUntil, now);
    if (decider.hasSeen(run)) return decider.take();
    decider.see(run);
    if (!run.isReplay) {
        switch (run.outcome) {
            case Outcome::Failed:
                run.triedAgain ? decider.await(run) : decider.failForGood(run);
                break;
            case Outcome::Stopped:
                if (run.isRetry) decider.endRetries(run.job);
                break;
            case Outcome::Succeeded:
            case Outcome::NothingToDo:
                decider.succeed(run);
                break;
        }
    }
    decider.lookAtRejects(run);
    decider.lookAtBacklog(run);
    auto decision = decider.take();
    decideExpectations(decision, rules, run, snoozedUntil, now);
    return decision;
}

AlertDecision decideRetriesEnded(const std::string& job, const AlertState& state, const AlertRules& rules,
                                 TimePoint snoozedUntil, TimePoint now) {
    Decider decider(state, rules, snoozedUntil, now);
    decider.endRetries(job);
    return decider.take();
}

AlertDecision decideAlerts(const AlertState& state, const AlertRules& rules, const LateSlots& slots,
                           TimePoint snoozedUntil, TimePoint now) {
    Decider decider(state, rules, snoozedUntil, now);
    decider.lookAtLate(slots);
    return decider.take();
}

}  // namespace carillon
