#include "alerts/ExpectationDecision.h"

#include "alerts/RunJudgement.h"

#include <utility>

namespace carillon {
namespace {

/// Of which something is found.
struct Occasion {
    const std::string& job;
    std::string event{};  ///< Told once.
    std::string run{};
    Message message{};
    TimePoint at{};
    TimePoint since{};  ///< What is not met is so since then, unless it was so before.
};

AlertKind alertKindOf(ExpectationKind kind) {
    return enumOf<AlertKind>(nameOf(kind)).value_or(AlertKind::Failed);
}

/// One decision on its way.
class ExpectationDecider {
public:
    ExpectationDecider(AlertDecision& decision, const AlertRules& rules, TimePoint snoozedUntil, TimePoint now)
        : _decision(decision), _rules(rules), _snoozed(now < snoozedUntil), _now(now) {}

    void take(const ExpectationFinding& finding, const Occasion& occasion) {
        finding.isMet ? meet(finding, occasion) : miss(finding, occasion);
    }

private:
    void miss(const ExpectationFinding& finding, const Occasion& occasion) {
        UnmetExpectation& unmet = _decision.state.unmet[finding.key()];
        if (unmet.event != occasion.event) {
            // Between two of NoSuccess there was one, be it that nobody here saw it.
            const bool isNew = finding.kind == ExpectationKind::NoSuccess || unmet.count == 0;
            if (isNew) unmet.since = occasion.since;
            unmet.count = isNew ? 1 : unmet.count + 1;
            unmet.event = occasion.event;
        }
        if (unmet.toldEvent == occasion.event || isTooSoon(unmet)) return;
        Alert alert = alertOf(alertKindOf(finding.kind), finding, unmet, occasion);
        alert.event = finding.counter.empty() ? occasion.event : occasion.event + '\n' + finding.counter;
        if (!tell(std::move(alert))) return;
        unmet.toldEvent = occasion.event;
        unmet.toldAt = _now;
    }

    /// The time of the last alert stays: what comes and goes is told no more often than what lasts.
    void meet(const ExpectationFinding& finding, const Occasion& occasion) {
        const auto known = _decision.state.unmet.find(finding.key());
        if (known == _decision.state.unmet.end() || known->second.count == 0) return;
        if (!known->second.toldEvent.empty()) {
            Alert alert = alertOf(AlertKind::Recovered, finding, known->second, occasion);
            alert.event = occasion.event + '\n' + finding.key();  // the run may be a recovery from a failure as well
            tell(std::move(alert));
        }
        known->second = UnmetExpectation{0, {}, {}, {}, known->second.toldAt};
    }

    static Alert alertOf(AlertKind kind, const ExpectationFinding& finding, const UnmetExpectation& unmet,
                         const Occasion& occasion) {
        Alert alert;
        alert.kind = kind;
        alert.job = occasion.job;
        alert.run = occasion.run;
        alert.message = occasion.message;
        alert.at = occasion.at;
        alert.count = unmet.count;
        alert.since = unmet.since;
        alert.expectation = finding;
        return alert;
    }

    /// One that lies ahead was told before the clock was set back.
    bool isTooSoon(const UnmetExpectation& unmet) const {
        return unmet.toldAt && *unmet.toldAt <= _now && _now - *unmet.toldAt < _rules.interval;
    }

    bool tell(Alert alert) {
        if (_snoozed || !_rules.has(alert.kind)) return false;
        _decision.alerts.push_back(std::move(alert));
        return true;
    }

    AlertDecision& _decision;
    const AlertRules& _rules;
    const bool _snoozed;
    const TimePoint _now;
};

}  // namespace

void decideExpectations(AlertDecision& decision, const AlertRules& rules, const EndedRun& run, TimePoint snoozedUntil,
                        TimePoint now) {
    ExpectationDecider decider(decision, rules, snoozedUntil, now);
    for (const auto& finding : run.findings)
        decider.take(finding, {run.job, run.run, run.run, run.message, run.finishedAt, run.finishedAt});
}

AlertDecision decideAlerts(const AlertState& state, const AlertRules& rules, const SlowRun& run, TimePoint snoozedUntil,
                           TimePoint now) {
    AlertDecision decision{state, {}};
    ExpectationDecider(decision, rules, snoozedUntil, now).take(run.finding, {run.job, run.run, run.run, "", now, now});
    return decision;
}

AlertDecision decideAlerts(const AlertState& state, const AlertRules& rules, const SuccessOverdue& overdue,
                           TimePoint snoozedUntil, TimePoint now) {
    AlertDecision decision{state, {}};
    const std::string event = std::to_string(overdue.since.time_since_epoch().count());
    ExpectationDecider(decision, rules, snoozedUntil, now)
        .take(findingOf(overdue.expectation, now - overdue.since), {overdue.job, event, "", "", now, overdue.since});
    return decision;
}

}  // namespace carillon
