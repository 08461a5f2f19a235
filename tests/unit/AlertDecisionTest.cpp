#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "alerts/AlertDecision.h"

using namespace carillon;
using namespace std::chrono_literals;

namespace {

const TimePoint kStart = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

std::string namesOf(const std::vector<Alert>& alerts) {
    std::string names;
    for (const auto& alert : alerts) names += (names.empty() ? "" : " ") + std::string(nameOf(alert.kind));
    return names;
}

/// A job, an event after the other.
class Job {
public:
    AlertRules rules{};
    AlertState state{};
    TimePoint now = kStart;
    TimePoint snoozedUntil{};

    std::string fail(std::chrono::minutes later = 5min) { return end(Outcome::Failed, later); }
    std::string succeed(std::chrono::minutes later = 5min) { return end(Outcome::Succeeded, later); }
    std::string end(Outcome outcome, std::chrono::minutes later, std::int64_t rejected = 0,
                    std::optional<std::int64_t> backlog = {}) {
        now += later;
        EndedRun run{"job", "run-" + std::to_string(++_runs), outcome, "said", rejected, backlog, now, false};
        return take(decideAlerts(state, rules, run, snoozedUntil, now));
    }
    /// A run whose slot is to be tried again.
    std::string failForNow(bool isRetry = false) { return attempt(Outcome::Failed, true, isRetry); }
    /// The attempt that was awaited.
    std::string retry(Outcome outcome) { return attempt(outcome, false, true); }
    /// The task says that only a person can help.
    std::string giveUp(bool isRetry = false) {
        now += 5min;
        EndedRun run{"job",  "run-" + std::to_string(++_runs), Outcome::Failed, "said", 0, {}, now, false, false,
                     isRetry};
        run.givenUp = true;
        return take(decideAlerts(state, rules, run, snoozedUntil, now));
    }
    std::string giveUpRetries() {
        now += 5min;
        return take(decideRetriesEnded("job", state, rules, snoozedUntil, now));
    }
    std::string replay(Outcome outcome) {
        now += 5min;
        EndedRun run{"job", "run-" + std::to_string(++_runs), outcome, "said", 0, {}, now, false, true};
        return take(decideAlerts(state, rules, run, snoozedUntil, now));
    }
    std::string late(TimePoint slot, std::chrono::minutes later = 5min) {
        now += later;
        return take(
            decideAlerts(state, rules, LateSlots{"job", slot, slot, 1, std::string(kLateWaits)}, snoozedUntil, now));
    }
    const Alert& last() const { return _last.back(); }

private:
    std::string attempt(Outcome outcome, bool triedAgain, bool isRetry) {
        now += 5min;
        EndedRun run{"job", "run-" + std::to_string(++_runs), outcome, "said", 0, {}, now, triedAgain, false, isRetry};
        return take(decideAlerts(state, rules, run, snoozedUntil, now));
    }

    std::string take(AlertDecision decision) {
        state = decision.state;
        if (!decision.alerts.empty()) _last = decision.alerts;
        return namesOf(decision.alerts);
    }

    int _runs = 0;
    std::vector<Alert> _last{};
};

/// A job's life as random events make it; what is told is checked against all that has happened.
class RandomLife {
public:
    explicit RandomLife(unsigned seed) : _random(seed), _name("seed " + std::to_string(seed)) {
        _rules.after = number(1, 4);
        _rules.interval = std::chrono::minutes(number(0, 90));
        _rules.rejects = number(1, 3);
        _rules.backlogRuns = number(1, 4);
        _rules.backlogItems = number(1, 10);
        for (const auto kind : kAlertKinds)
            if (number(0, 9) == 0) _rules.on.erase(kind);
    }

    void live() {
        for (int i = 0; i < 400; ++i) {
            _now += std::chrono::minutes(number(0, 25));
            if (number(0, 30) == 0) _snoozedUntil = _now + std::chrono::minutes(number(0, 120));
            number(0, 5) == 0 ? passSlot() : endRun();
        }
    }

private:
    void endRun() {
        // Now and then one comes again: after a kill, or because two hosts tell of it.
        if (!_runs.empty() && number(0, 9) == 0) {
            const auto again = decideAlerts(
                _state, _rules, _runs[static_cast<std::size_t>(number(0, static_cast<int>(_runs.size()) - 1))],
                _snoozedUntil, _now);
            CPPUNIT_ASSERT_MESSAGE(_name, again.alerts.empty() && again.state == _state);
            return;
        }
        EndedRun run{"job",
                     "run-" + std::to_string(++_count),
                     number(0, 2) == 0 ? Outcome::Succeeded : Outcome::Failed,
                     "",
                     number(0, 4),
                     number(0, 1) == 0 ? std::optional<std::int64_t>(number(0, 20)) : std::nullopt,
                     _now,
                     false};
        run.triedAgain = run.outcome == Outcome::Failed && number(0, 4) == 0;
        run.isRetry = _awaiting && number(0, 1) == 0;
        run.givenUp = run.outcome == Outcome::Failed && !run.triedAgain && number(0, 4) == 0;
        _runs.push_back(run);
        if (_runs.size() > AlertState::kRecentRuns) _runs.pop_front();
        const bool failed = run.outcome == Outcome::Failed;
        if (failed && _awaiting && !run.isRetry) ++_failures;
        if (failed && !run.triedAgain) ++_failures;
        _awaiting = run.triedAgain;
        check(decideAlerts(_state, _rules, run, _snoozedUntil, _now), run);
        if (!failed) {
            _failures = 0;
            _failureTold = false;
            _toldAt.erase(AlertKind::Failed);
        }
    }

    void passSlot() {
        const TimePoint slot = _now - std::chrono::minutes(number(1, 60));
        const auto decision = decideAlerts(_state, _rules, LateSlots{"job", slot, slot, 1, ""}, _snoozedUntil, _now);
        for (const Alert& alert : decision.alerts) {
            CPPUNIT_ASSERT_MESSAGE(_name, alert.kind == AlertKind::Missed);
            CPPUNIT_ASSERT_MESSAGE(_name, !_newestSlot || slot > *_newestSlot);
            checkAnyAlert(alert);
        }
        _newestSlot = std::max(_newestSlot.value_or(slot), slot);
        _state = decision.state;
    }

    void check(const AlertDecision& decision, const EndedRun& run) {
        const auto tells = [&](AlertKind kind) {
            return std::any_of(decision.alerts.begin(), decision.alerts.end(),
                               [kind](const Alert& alert) { return alert.kind == kind; });
        };
        for (const Alert& alert : decision.alerts) checkAnyAlert(alert);
        if (tells(AlertKind::Failed)) {
            CPPUNIT_ASSERT_MESSAGE(_name, _failures >= _rules.after || run.givenUp);
            _failureTold = true;
        } else if (run.outcome == Outcome::Failed && !run.triedAgain && (_failures >= _rules.after || run.givenUp)) {
            // Not told only for a reason.
            CPPUNIT_ASSERT_MESSAGE(_name, isHeld(AlertKind::Failed));
        }
        const bool recovers =
            run.outcome != Outcome::Failed && _failureTold && _now >= _snoozedUntil && _rules.has(AlertKind::Recovered);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(_name, recovers, tells(AlertKind::Recovered));
        CPPUNIT_ASSERT_MESSAGE(_name, !tells(AlertKind::Rejects) || run.rejected >= _rules.rejects);
        for (const Alert& alert : decision.alerts) _toldAt[alert.kind] = _now;
        _state = decision.state;
    }

    void checkAnyAlert(const Alert& alert) {
        CPPUNIT_ASSERT_MESSAGE(_name, _rules.has(alert.kind) && _now >= _snoozedUntil);
        if (alert.kind != AlertKind::Recovered) {
            const auto last = _toldAt.find(alert.kind);
            CPPUNIT_ASSERT_MESSAGE(_name, last == _toldAt.end() || _now - last->second >= _rules.interval);
        }
        if (alert.kind == AlertKind::Missed) _toldAt[alert.kind] = _now;
    }

    bool isHeld(AlertKind kind) const {
        const auto last = _toldAt.find(kind);
        return _now < _snoozedUntil || !_rules.has(kind) ||
               (last != _toldAt.end() && _now - last->second < _rules.interval);
    }

    int number(int least, int most) { return std::uniform_int_distribution<int>(least, most)(_random); }

    std::mt19937 _random;
    std::string _name;
    AlertRules _rules{};
    AlertState _state{};
    TimePoint _now = kStart;
    TimePoint _snoozedUntil{};
    std::deque<EndedRun> _runs{};
    int _count = 0;
    int _failures = 0;
    bool _awaiting = false;
    bool _failureTold = false;
    std::optional<TimePoint> _newestSlot{};
    std::map<AlertKind, TimePoint> _toldAt{};
};

}  // namespace

/// What people are told, and when.
class AlertDecisionTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AlertDecisionTest);
    CPPUNIT_TEST(failureIsToldAtOnceAndRecoveryAfterIt);
    CPPUNIT_TEST(failureIsToldAfterSoManyInARow);
    CPPUNIT_TEST(whatATaskGivesUpIsToldAtOnce);
    CPPUNIT_TEST(lastingFailureIsToldAgainAfterTheInterval);
    CPPUNIT_TEST(failureIsToldWhenItsLastAttemptFails);
    CPPUNIT_TEST(failureWhoseAttemptTheNextSlotReplacesIsTold);
    CPPUNIT_TEST(failureWhoseAttemptsAreGivenUpIsTold);
    CPPUNIT_TEST(replaysTellNothingOfTheJobsOwnRuns);
    CPPUNIT_TEST(snoozedJobIsSilentAndTellsAfterwards);
    CPPUNIT_TEST(kindsThatAreOffAreNotTold);
    CPPUNIT_TEST(lateJobIsToldOnceUntilItRuns);
    CPPUNIT_TEST(rejectsAreToldFromTheLimitOn);
    CPPUNIT_TEST(backlogIsToldWhenItGrowsRunAfterRun);
    CPPUNIT_TEST(stoppedRunNeitherFailsNorRecovers);
    CPPUNIT_TEST(sameRunDecidesOnce);
    CPPUNIT_TEST(clockSetBackDoesNotSilence);
    CPPUNIT_TEST(stateSurvivesTheStore);
    CPPUNIT_TEST(anyHistoryKeepsThePromises);
    CPPUNIT_TEST_SUITE_END();

public:
    void failureIsToldAtOnceAndRecoveryAfterIt() {
        Job job;

        CPPUNIT_ASSERT_EQUAL(std::string(""), job.succeed());
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.fail());
        CPPUNIT_ASSERT_EQUAL(std::string("said"), job.last().message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("recovered"), job.succeed());
        CPPUNIT_ASSERT(job.last().since == kStart + 10min && job.last().count == 1);
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.succeed());
    }

    void failureIsToldAfterSoManyInARow() {
        Job job;
        job.rules.after = 3;

        CPPUNIT_ASSERT_EQUAL(std::string(""), job.fail());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.fail());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.succeed());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.fail());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.fail());
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.fail());
        CPPUNIT_ASSERT(job.last().count == 3 && job.last().since == kStart + 20min);
    }

    void whatATaskGivesUpIsToldAtOnce() {
        Job job;
        job.rules.after = 3;
        job.rules.interval = 20min;

        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.giveUp());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.giveUp());
        CPPUNIT_ASSERT_EQUAL(std::string("recovered"), job.succeed());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.failForNow());
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.giveUp(true));
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.giveUpRetries());
    }

    void lastingFailureIsToldAgainAfterTheInterval() {
        Job job;
        job.rules.interval = 20min;

        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.fail());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.fail(10min));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.fail(10min));
        CPPUNIT_ASSERT_EQUAL(std::string("recovered"), job.succeed(1min));
        // Another outage, of which nobody knows yet.
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.fail(1min));
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.fail(1min));
        CPPUNIT_ASSERT_EQUAL(std::string("recovered"), job.succeed(1min));
    }

    void failureIsToldWhenItsLastAttemptFails() {
        Job job;

        CPPUNIT_ASSERT_EQUAL(std::string(""), job.failForNow());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.retry(Outcome::Succeeded));
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.failForNow());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.failForNow(true));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.retry(Outcome::Failed));
        CPPUNIT_ASSERT(job.last().count == 1);
    }

    /// The slots of a job are closer together than its attempts: none of these is ever made.
    void failureWhoseAttemptTheNextSlotReplacesIsTold() {
        Job job;

        CPPUNIT_ASSERT_EQUAL(std::string(""), job.failForNow());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.succeed());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.failForNow());
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.failForNow());
        CPPUNIT_ASSERT_EQUAL(std::string("run-3"), job.last().run);
        CPPUNIT_ASSERT_EQUAL(std::string("recovered"), job.succeed());
        job.rules.after = 3;
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.fail());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.failForNow());
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.fail());
        CPPUNIT_ASSERT(job.last().count == 3);
    }

    void failureWhoseAttemptsAreGivenUpIsTold() {
        Job job;

        CPPUNIT_ASSERT_EQUAL(std::string(""), job.giveUpRetries());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.failForNow());
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.giveUpRetries());
        CPPUNIT_ASSERT_EQUAL(std::string("run-1"), job.last().run);
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.giveUpRetries());
        CPPUNIT_ASSERT_EQUAL(std::string("recovered"), job.succeed());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.failForNow());
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.retry(Outcome::Stopped));
    }

    void replaysTellNothingOfTheJobsOwnRuns() {
        Job job;

        CPPUNIT_ASSERT_EQUAL(std::string(""), job.replay(Outcome::Failed));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.fail());
        CPPUNIT_ASSERT(job.last().count == 1);
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.replay(Outcome::Succeeded));
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.fail());
        CPPUNIT_ASSERT_EQUAL(std::string("recovered"), job.succeed());
        CPPUNIT_ASSERT(job.last().count == 2);
    }

    void stoppedRunNeitherFailsNorRecovers() {
        Job job;

        CPPUNIT_ASSERT_EQUAL(std::string(""), job.end(Outcome::Stopped, 5min));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.fail());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.end(Outcome::Stopped, 5min));
        CPPUNIT_ASSERT_EQUAL(std::string("recovered"), job.succeed());
        CPPUNIT_ASSERT(job.last().count == 1);
    }

    void snoozedJobIsSilentAndTellsAfterwards() {
        Job job;
        job.snoozedUntil = kStart + 12min;

        CPPUNIT_ASSERT_EQUAL(std::string(""), job.fail());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.fail());
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.fail());
        CPPUNIT_ASSERT(job.last().count == 3);
    }

    void kindsThatAreOffAreNotTold() {
        Job job;
        job.rules.on = {AlertKind::Missed};

        CPPUNIT_ASSERT_EQUAL(std::string(""), job.fail());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.succeed());
        CPPUNIT_ASSERT_EQUAL(std::string("missed"), job.late(kStart));
    }

    void lateJobIsToldOnceUntilItRuns() {
        Job job;
        job.rules.interval = 0ms;

        CPPUNIT_ASSERT_EQUAL(std::string("missed"), job.late(kStart));
        CPPUNIT_ASSERT(job.last().since == kStart);
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.late(kStart));
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.late(kStart + 1min));
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.succeed());
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.late(kStart + 1min));
        CPPUNIT_ASSERT_EQUAL(std::string("missed"), job.late(kStart + 2min));
    }

    void rejectsAreToldFromTheLimitOn() {
        Job job;
        job.rules.rejects = 5;

        CPPUNIT_ASSERT_EQUAL(std::string(""), job.end(Outcome::Succeeded, 5min, 4));
        CPPUNIT_ASSERT_EQUAL(std::string("rejects"), job.end(Outcome::Succeeded, 5min, 5));
        CPPUNIT_ASSERT(job.last().count == 5);
        CPPUNIT_ASSERT_EQUAL(std::string(""), job.end(Outcome::Succeeded, 5min, 6));
        CPPUNIT_ASSERT_EQUAL(std::string("failed rejects"), job.end(Outcome::Failed, 60min, 6));
    }

    void backlogIsToldWhenItGrowsRunAfterRun() {
        Job job;
        job.rules.backlogItems = 100;

        const std::int64_t left[] = {50, 80, 90, 95, 90, 95, 100, 120, 120};
        std::string told;
        for (const auto items : left) told += job.end(Outcome::Succeeded, 5min, 0, items) + ";";

        CPPUNIT_ASSERT_EQUAL(std::string(";;;;;;;backlog;;"), told);
        CPPUNIT_ASSERT(job.last().count == 120 && job.last().before == 90);
        CPPUNIT_ASSERT(job.last().since == kStart + 30min);
    }

    void sameRunDecidesOnce() {
        const EndedRun run{"job", "run", Outcome::Failed, "", 0, {}, kStart, false};

        const auto first = decideAlerts({}, {}, run, {}, kStart);
        const auto second = decideAlerts(first.state, {}, run, {}, kStart + 2h);

        CPPUNIT_ASSERT_EQUAL(std::string("failed"), namesOf(first.alerts));
        CPPUNIT_ASSERT_EQUAL(std::string(""), namesOf(second.alerts));
        CPPUNIT_ASSERT(second.state == first.state);
    }

    void clockSetBackDoesNotSilence() {
        Job job;
        job.fail();
        job.now -= std::chrono::hours(48);

        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.fail());
    }

    void stateSurvivesTheStore() {
        Job job;
        job.fail();
        job.late(kStart);
        job.end(Outcome::Succeeded, 1min, 3, 7);
        job.failForNow();
        CPPUNIT_ASSERT(job.state.awaited);

        CPPUNIT_ASSERT(fromJson<AlertState>(toJson(job.state)) == job.state);
        CPPUNIT_ASSERT(fromJson<AlertState>(toJson(AlertState{})) == AlertState{});
        Alert alert = job.last();
        alert.message = "\"quoted\" à l'été\n🎈";
        CPPUNIT_ASSERT(fromJson<Alert>(toJson(alert)) == alert);
    }

    void anyHistoryKeepsThePromises() {
        for (unsigned seed = 1; seed <= 500; ++seed) RandomLife(seed).live();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AlertDecisionTest);
