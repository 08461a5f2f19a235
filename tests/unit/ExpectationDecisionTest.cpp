#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "alerts/AlertText.h"
#include "alerts/ExpectationDecision.h"
#include "alerts/RunJudgement.h"
#include "schedule/ZoneDatabase.h"

using namespace carillon;
using namespace std::chrono_literals;

namespace {

const TimePoint kFirstDay = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

const Expectation kSlow{ExpectationKind::Slow, "", {}, 600'000};
const Expectation kFast{ExpectationKind::Fast, "", 2'000, {}};
const Expectation kWithin{ExpectationKind::NoSuccess, "", {}, 26 * 3'600'000};
const Expectation kFetched{ExpectationKind::Counter, "fetched", 1, {}};
const Expectation kApplied{ExpectationKind::Counter, "applied", 1, {}};

std::string toldOf(const std::vector<Alert>& alerts) {
    std::string names;
    for (const auto& alert : alerts)
        names += (names.empty() ? "" : " ") + std::string(nameOf(alert.kind)) +
                 (alert.kind == AlertKind::Recovered && alert.expectation ? "(" + alert.expectation->key() + ")" : "");
    return names;
}

/// A job of which all that is expected, an event after the other.
class ExpectingJob {
public:
    AlertRules rules{};
    AlertState state{};
    TimePoint now = kFirstDay;
    TimePoint snoozedUntil{};
    std::vector<Expectation> expected{kSlow, kFast, kWithin, kFetched};

    /// Ends after so long, with so many fetched.
    std::string end(std::chrono::milliseconds took, std::int64_t fetched, Outcome outcome = Outcome::Succeeded) {
        begin();
        return endOfRun(took, fetched, outcome);
    }
    void begin() { ++_runs; }
    /// While it goes on.
    std::string stillRuns(std::chrono::milliseconds for_) {
        now += 1min;
        auto finding = findingOf(kSlow, for_);
        finding.isRunning = true;
        return take(decideAlerts(state, rules, SlowRun{"sync", run(), finding}, snoozedUntil, now));
    }
    std::string endOfRun(std::chrono::milliseconds took, std::int64_t fetched, Outcome outcome = Outcome::Succeeded) {
        now += 1h;
        RunReport report;
        report.outcome = outcome;
        report.counter("fetched", fetched);
        EndedRun ended{"sync", run(), outcome, "3 fetched", 0, {}, now};
        ended.findings = judgeRun(expected, report, took);
        return take(decideAlerts(state, rules, ended, snoozedUntil, now));
    }
    std::string overdue(TimePoint since) {
        now += 5s;
        return take(decideAlerts(state, rules, SuccessOverdue{"sync", since, kWithin}, snoozedUntil, now));
    }
    const std::vector<Alert>& last() const { return _last; }
    /// As a host that starts reads it.
    void restart() { state = fromJson<AlertState>(toJson(state)); }

private:
    std::string run() const { return "run-" + std::to_string(_runs); }
    std::string take(AlertDecision decision) {
        state = decision.state;
        if (!decision.alerts.empty()) _last = decision.alerts;
        return toldOf(decision.alerts);
    }

    int _runs = 0;
    std::vector<Alert> _last{};
};

std::string mailOf(const std::vector<Alert>& alerts, Language language) {
    auto told = alerts;
    for (auto& alert : told) {
        alert.host = "agora-1";
        alert.lastSuccess = kFirstDay;
    }
    const auto message = wordAlerts("id", told, {language, *findTimeZone("UTC"), PluginTexts(), "https://h"});
    return message.subject + '\n' + message.text;
}

void expectPart(const std::string& part, const std::string& text) {
    CPPUNIT_ASSERT_MESSAGE(part + "\nis not in\n" + text, text.find(part) != std::string::npos);
}

}  // namespace

/// What people are told of what is expected of a job.
class ExpectationDecisionTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ExpectationDecisionTest);
    CPPUNIT_TEST(slowRunIsToldOnceWhileItGoesOn);
    CPPUNIT_TEST(runThatWasNotSeenToBeSlowIsToldAtItsEnd);
    CPPUNIT_TEST(slowRetryIsTold);
    CPPUNIT_TEST(runThatMeetsAllIsARecovery);
    CPPUNIT_TEST(whatComesAndGoesIsToldOnceAnInterval);
    CPPUNIT_TEST(eachCounterIsOnItsOwn);
    CPPUNIT_TEST(runWithNothingToDoIsNeverTooFast);
    CPPUNIT_TEST(lackOfSuccessIsToldOnceUntilTheNext);
    CPPUNIT_TEST(lackOfSuccessIsToldAfterASnooze);
    CPPUNIT_TEST(kindThatIsNotWantedIsNotTold);
    CPPUNIT_TEST(recoveriesFromFailureAndFromThatAreTwo);
    CPPUNIT_TEST(stateOfAnEarlierVersionIsRead);
    CPPUNIT_TEST(alertsAreWordedInBothLanguages);
    CPPUNIT_TEST(whateverHappensNothingIsToldTwice);
    CPPUNIT_TEST_SUITE_END();

public:
    void slowRunIsToldOnceWhileItGoesOn() {
        ExpectingJob job;
        job.begin();

        CPPUNIT_ASSERT_EQUAL(std::string("slow"), job.stillRuns(601s));
        job.restart();
        CPPUNIT_ASSERT_EQUAL(std::string(), job.stillRuns(2h));
        job.rules.interval = 0ms;
        CPPUNIT_ASSERT_EQUAL(std::string(), job.endOfRun(3h, 3));
        CPPUNIT_ASSERT_EQUAL(std::string("recovered(slow)"), job.end(1min, 3));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, job.last().front().count);
    }

    void runThatWasNotSeenToBeSlowIsToldAtItsEnd() {
        ExpectingJob job;

        CPPUNIT_ASSERT_EQUAL(std::string("slow"), job.end(11min, 3));
        CPPUNIT_ASSERT(!job.last().front().expectation->isRunning);
        // Once more while it lasts, after the interval of an hour.
        CPPUNIT_ASSERT_EQUAL(std::string("slow"), job.end(11min, 3));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, job.last().front().count);
        CPPUNIT_ASSERT(job.last().front().since == kFirstDay + 1h);
    }

    void slowRetryIsTold() {
        ExpectingJob job;
        job.rules.after = 5;
        CPPUNIT_ASSERT_EQUAL(std::string(), job.end(1s, 0, Outcome::Failed));
        job.begin();

        CPPUNIT_ASSERT_EQUAL(std::string("slow"), job.stillRuns(11min));
        CPPUNIT_ASSERT_EQUAL(std::string(), job.endOfRun(12min, 0, Outcome::Failed));
        // A failure that came soon shows nothing of how long the work takes.
        CPPUNIT_ASSERT_EQUAL(std::string(), job.end(1s, 0, Outcome::Failed));
        CPPUNIT_ASSERT_EQUAL(std::string("recovered(slow)"), job.end(1min, 3));
    }

    void runThatMeetsAllIsARecovery() {
        ExpectingJob job;

        CPPUNIT_ASSERT_EQUAL(std::string("fast counter"), job.end(1s, 0));
        CPPUNIT_ASSERT_EQUAL(std::string("recovered(fast)"), job.end(1min, 0).substr(0, 15));
        CPPUNIT_ASSERT_EQUAL(std::string("recovered(counter fetched)"), job.end(1min, 3));
        CPPUNIT_ASSERT_EQUAL(std::string(), job.end(1min, 3));
    }

    void whatComesAndGoesIsToldOnceAnInterval() {
        ExpectingJob job;
        job.rules.interval = 150min;

        CPPUNIT_ASSERT_EQUAL(std::string("counter"), job.end(1min, 0));
        CPPUNIT_ASSERT_EQUAL(std::string("recovered(counter fetched)"), job.end(1min, 3));
        CPPUNIT_ASSERT_EQUAL(std::string(), job.end(1min, 0));
        CPPUNIT_ASSERT_EQUAL(std::string(), job.end(1min, 3));  // nobody knew of it
        CPPUNIT_ASSERT_EQUAL(std::string("counter"), job.end(1min, 0));
    }

    void eachCounterIsOnItsOwn() {
        ExpectingJob job;
        job.expected = {kFetched, kApplied};
        job.rules.interval = 366h;

        CPPUNIT_ASSERT_EQUAL(std::string("counter"), job.end(1min, 3));  // applied is not told
        CPPUNIT_ASSERT_EQUAL(std::string("applied"), job.last().front().expectation->counter);
        CPPUNIT_ASSERT_EQUAL(std::string("counter"), job.end(1min, 0));
        CPPUNIT_ASSERT_EQUAL(std::string("fetched"), job.last().front().expectation->counter);
        CPPUNIT_ASSERT(job.last().front().event.find("fetched") != std::string::npos);
    }

    void runWithNothingToDoIsNeverTooFast() {
        ExpectingJob job;
        job.expected = {kFast};

        CPPUNIT_ASSERT_EQUAL(std::string(), job.end(1ms, 0, Outcome::NothingToDo));
        CPPUNIT_ASSERT_EQUAL(std::string("fast"), job.end(1ms, 0));
        CPPUNIT_ASSERT_EQUAL(std::string(), job.end(1min, 0, Outcome::NothingToDo));
        CPPUNIT_ASSERT_EQUAL(std::string("recovered(fast)"), job.end(1min, 0));
    }

    void lackOfSuccessIsToldOnceUntilTheNext() {
        ExpectingJob job;
        job.expected = {kWithin};
        job.now = kFirstDay + 27h;
        job.rules.interval = 0ms;

        CPPUNIT_ASSERT_EQUAL(std::string("no_success"), job.overdue(kFirstDay));
        CPPUNIT_ASSERT(job.last().front().since == kFirstDay);
        job.restart();
        CPPUNIT_ASSERT_EQUAL(std::string(), job.overdue(kFirstDay));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), job.end(1s, 0, Outcome::Failed));
        CPPUNIT_ASSERT_EQUAL(std::string(), job.overdue(kFirstDay));
        CPPUNIT_ASSERT_EQUAL(std::string("recovered recovered(no_success)"), job.end(1s, 0, Outcome::NothingToDo));
        job.now += 27h;
        CPPUNIT_ASSERT_EQUAL(std::string("no_success"), job.overdue(job.now - 27h));
    }

    void lackOfSuccessIsToldAfterASnooze() {
        ExpectingJob job;
        job.now = kFirstDay + 27h;
        job.snoozedUntil = job.now + 10s;

        CPPUNIT_ASSERT_EQUAL(std::string(), job.overdue(kFirstDay));
        CPPUNIT_ASSERT_EQUAL(std::string("no_success"), job.overdue(kFirstDay));
    }

    void kindThatIsNotWantedIsNotTold() {
        ExpectingJob job;
        job.rules.on.erase(AlertKind::Slow);
        job.begin();

        CPPUNIT_ASSERT_EQUAL(std::string(), job.stillRuns(1h));
        CPPUNIT_ASSERT_EQUAL(std::string("counter"), job.endOfRun(1h, 0));
        CPPUNIT_ASSERT_EQUAL(std::string("recovered(counter fetched)"), job.end(1min, 3));
    }

    void recoveriesFromFailureAndFromThatAreTwo() {
        ExpectingJob job;
        job.end(1h, 3);
        job.end(1min, 0, Outcome::Failed);

        CPPUNIT_ASSERT_EQUAL(std::string("recovered recovered(slow)"), job.end(1min, 3));
        CPPUNIT_ASSERT(job.last()[0].event != job.last()[1].event);
    }

    void stateOfAnEarlierVersionIsRead() {
        const auto state = fromJson<AlertState>(
            R"({"failures":2,"failure_told":true,"late_told":false,"backlog":0,"growth":0,"grown_from":0,)"
            R"("told_at":{"failed":5},"seen_until":7,"recent_runs":[]})");

        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, state.failures);
        CPPUNIT_ASSERT(state.unmet.empty());
    }

    void alertsAreWordedInBothLanguages() {
        ExpectingJob job;
        job.begin();
        job.stillRuns(11min);
        auto text = mailOf(job.last(), Language::English);
        expectPart("[carillon] sync takes longer than expected\n", text);
        expectPart(
            "sync takes longer than expected on host agora-1: the run in progress has been running for 11 min, "
            "expected "
            "10 min at most.\nWhat to do: see 'carillon logs sync' for what it does; 'carillon stop sync' ends it.\n"
            "Page: https://h/runs/run-1",
            text);
        text = mailOf(job.last(), Language::French);
        expectPart(
            "La tâche sync dure plus longtemps que prévu sur l’hôte agora-1\u00a0: l’exécution en cours dure depuis 11 "
            "min "
            "(attendu\u00a0: 10 min au plus).\nQue faire\u00a0: «\u00a0carillon logs sync\u00a0» montre où elle en est",
            text);
        job.endOfRun(1min, 3);
        expectPart(
            "sync does what is expected again on host agora-1: the run of 2026-11-22 01:01 took 1 min, expected 10 min "
            "at most. It was not as expected since 2026-11-22 00:01. There is nothing to do.",
            mailOf(job.last(), Language::English));
        job.end(1min, 0);
        expectPart(
            "sync does not report what is expected on host agora-1: the run of 2026-11-22 02:01 tells fetched = 0, "
            "expected 1 or more. It said: 3 fetched.\nWhat to do: ",
            mailOf(job.last(), Language::English));
        expectPart("[carillon] sync n’indique pas ce qui est attendu\u00a0: fetched\n",
                   mailOf(job.last(), Language::French));
        job.overdue(kFirstDay - 30h);
        expectPart(
            "sync has had no success for 1 d 8 h, expected one within 26 h. Told by host agora-1. Its last success was "
            "on 2026-11-22 00:00.\nWhat to do: 'carillon status sync' tells what keeps it from succeeding",
            mailOf(job.last(), Language::English));
    }

    /// Whatever comes in whatever order: an event is told once, no two alerts of an expectation are closer than the
    /// interval, and recoveries alternate with what they end.
    void whateverHappensNothingIsToldTwice() {
        for (unsigned seed = 0; seed < 200; ++seed) live(seed);
    }

private:
    static void live(unsigned seed) {
        std::mt19937 random(seed);
        const auto number = [&random](int least, int most) {
            return std::uniform_int_distribution<int>(least, most)(random);
        };
        ExpectingJob job;
        job.rules.interval = std::chrono::minutes(number(0, 300));
        std::map<std::string, TimePoint> toldAt;
        std::map<std::string, int> open;
        std::map<std::string, int> ids;
        for (int i = 0; i < 200; ++i) {
            if (number(0, 20) == 0) job.snoozedUntil = job.now + std::chrono::minutes(number(0, 240));
            if (number(0, 10) == 0) job.restart();
            std::string told;
            switch (number(0, 3)) {
                case 0:
                    job.begin();
                    told = job.stillRuns(std::chrono::minutes(number(11, 20)));
                    break;
                case 1:
                    told = job.overdue(kFirstDay + std::chrono::hours(number(-60, -27)));
                    break;
                default:
                    told = job.end(std::chrono::seconds(number(1, 900)), number(0, 2),
                                   number(0, 3) == 0 ? Outcome::Failed : Outcome::Succeeded);
            }
            if (told.empty()) continue;
            for (const auto& alert : job.last()) {
                if (!alert.expectation) continue;
                const std::string key = alert.expectation->key();
                const std::string name = "seed " + std::to_string(seed) + ' ' + key;
                const std::string id = std::string(nameOf(alert.kind)) + '\n' + alert.event;
                // What ended and began anew is another event, unless it is the same lack of success.
                if (key != "no_success") CPPUNIT_ASSERT_EQUAL_MESSAGE(name, 1, ++ids[id]);
                CPPUNIT_ASSERT_MESSAGE(name, job.now >= job.snoozedUntil);
                if (alert.kind == AlertKind::Recovered) {
                    CPPUNIT_ASSERT_MESSAGE(name, open[key] > 0);
                    open[key] = 0;
                    continue;
                }
                const auto last = toldAt.find(key);
                CPPUNIT_ASSERT_MESSAGE(name, last == toldAt.end() || job.now - last->second >= job.rules.interval);
                toldAt[key] = job.now;
                ++open[key];
            }
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ExpectationDecisionTest);
