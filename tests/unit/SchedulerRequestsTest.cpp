#include "SchedulerFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

/// What is asked of a scheduler from outside, and how it comes to its end.
class SchedulerRequestsTest : public SchedulerFixture {
    CPPUNIT_TEST_SUITE(SchedulerRequestsTest);
    CPPUNIT_TEST(runThatIsAskedForBeginsAtOnce);
    CPPUNIT_TEST(requestDuringARunIsBusyOrWaits);
    CPPUNIT_TEST(requestOfAnUnknownJobIsRefused);
    CPPUNIT_TEST(requestIsPatientWithTheStore);
    CPPUNIT_TEST(endOfARunIsToldWhileTheStoreFails);
    CPPUNIT_TEST(stoppedRunIsAskedToEndAndWaitingOnesAreWithdrawn);
    CPPUNIT_TEST(stopOfARetryIsTold);
    CPPUNIT_TEST(drainedSchedulerEndsWithItsLastRun);
    CPPUNIT_TEST(drainedSchedulerWaitsForItsStore);
    CPPUNIT_TEST(allRunsAreStoppedAtTheEnd);
    CPPUNIT_TEST(reloadGivesMoreSeats);
    CPPUNIT_TEST(runKeepsItsConfigurationOverAReload);
    CPPUNIT_TEST(runThatLostItsLockIsStopped);
    CPPUNIT_TEST(lockThatIsGoneIsTakenAgain);
    CPPUNIT_TEST(actOnRejectsThatFailsIsNotTriedAgain);
    CPPUNIT_TEST(actOnRejectsLeavesTheRetryOfARun);
    CPPUNIT_TEST(runsOfAHostThatIsGoneHaveFailed);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { makeFolder(); }

    void runThatIsAskedForBeginsAtOnce() {
        addJob("a", "");
        start();

        const auto answer = ask("a");
        CPPUNIT_ASSERT_EQUAL(std::string("claimed"), *answer);
        CPPUNIT_ASSERT(stateOf("a").phase == JobPhase::Running);
        const auto run = finish("a");

        CPPUNIT_ASSERT_EQUAL(std::string("claimed, ended: done"), *answer);
        CPPUNIT_ASSERT(Trigger::Cli == run.trigger);
        CPPUNIT_ASSERT(historyOf("a").front().outcome == Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(std::string("00:00 ran"), ledger("a"));
    }

    void requestDuringARunIsBusyOrWaits() {
        addJob("a", "");
        start();
        ask("a");

        const auto busy = ask("a");
        const auto patient = ask("a", true);
        CPPUNIT_ASSERT_EQUAL("busy: " + stateOf("a").run, *busy);
        CPPUNIT_ASSERT_EQUAL(std::string(), *patient);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, settle().waiting);
        finish("a");

        CPPUNIT_ASSERT_EQUAL(std::string("claimed"), *patient);
    }

    void requestOfAnUnknownJobIsRefused() {
        addJob("a", "");
        start();

        CPPUNIT_ASSERT_EQUAL(std::string("refused: the host has no job b; if it is new: carillon reload"), *ask("b"));
    }

    void requestIsPatientWithTheStore() {
        addJob("a", "");
        start();
        lockStore();

        const auto patient = ask("a");
        advance(5s);
        CPPUNIT_ASSERT_EQUAL(std::string(), *patient);
        unlockStore();
        advance(StoreHealth::kRetry);
        CPPUNIT_ASSERT_EQUAL(std::string("claimed"), *patient);
        finish("a");

        lockStore();
        const auto refused = ask("a");
        advance(RunStore::kPatience + 1s);
        CPPUNIT_ASSERT(refused->starts_with("refused: the run did not begin: "));
        unlockStore();
        advance(StoreHealth::kRetry);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, historyOf("a").size());
    }

    void endOfARunIsToldWhileTheStoreFails() {
        addJob("a", "");
        start();
        const auto answer = ask("a");
        lockStore();

        finish("a");
        CPPUNIT_ASSERT_EQUAL(std::string("claimed, ended: done"), *answer);
        unlockStore();
        advance(StoreHealth::kRetry);

        CPPUNIT_ASSERT_EQUAL(std::string("claimed, ended: done"), *answer);
        CPPUNIT_ASSERT(historyOf("a").front().outcome == Outcome::Succeeded);
    }

    void stoppedRunIsAskedToEndAndWaitingOnesAreWithdrawn() {
        addJob("a", "");
        start();
        ask("a");
        const auto waiting = ask("a", true);

        const auto first = _scheduler->stop("a", "anna");
        settle();
        const auto second = _scheduler->stop("a", "berta");

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, first.runs.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, first.withdrawn);
        CPPUNIT_ASSERT(first.ended.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("refused: stopped by anna"), *waiting);
        CPPUNIT_ASSERT_EQUAL(std::string("stopped by anna"), stopReason("a"));
        CPPUNIT_ASSERT_EQUAL(std::string("stopped by anna"), stateOf("a").stopping);
        CPPUNIT_ASSERT(std::vector<std::string>{stateOf("a").run} == second.ended);
        CPPUNIT_ASSERT(_scheduler->stop("no-such-run", "anna").empty());
    }

    void stopOfARetryIsTold() {
        addJob("a", "job.schedule = 0 * * * *\njob.retries = 2\njob.retry.delay = 10m\n");
        start();
        jump(1h);
        finish("a", failed());
        CPPUNIT_ASSERT(stateOf("a").phase == JobPhase::Retrying);

        CPPUNIT_ASSERT(std::vector<std::string>{"a"} == _scheduler->stop("a", "anna").retries);
        settle();

        CPPUNIT_ASSERT(std::vector<std::string>{"a"} == _listener.givenUp);
        CPPUNIT_ASSERT(!hasRetry("a") && !stored("a")->retry);
        advance(11min);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _running.size());
    }

    void drainedSchedulerEndsWithItsLastRun() {
        addJob("a", "job.schedule = * * * * *\n");
        addJob("b", "job.schedule = */2 * * * *\n");
        start();
        advance(1min);

        _scheduler->drain();
        CPPUNIT_ASSERT(settle().draining);
        CPPUNIT_ASSERT_EQUAL(std::string("refused: the host is ending"), *ask("b"));
        advance(1min);
        CPPUNIT_ASSERT(std::vector<std::string>{"a"} == _running);
        CPPUNIT_ASSERT(!_scheduler->isEnded());
        seats().end(ticketOf("a"), succeeded(), _clock.now());
        waitForEnd();

        CPPUNIT_ASSERT(_scheduler->isEnded());
        CPPUNIT_ASSERT(historyOf("a").front().outcome == Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran"), ledger("a"));
        CPPUNIT_ASSERT_THROW(_scheduler->state(), Poco::IllegalStateException);
        start();
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 ran"), ledger("a"));
    }

    void drainedSchedulerWaitsForItsStore() {
        addJob("a", "");
        start();
        ask("a");
        lockStore();
        _scheduler->drain();
        finish("a");
        advance(30s);
        CPPUNIT_ASSERT(!_scheduler->isEnded());

        unlockStore();
        _sleeper.advance(StoreHealth::kRetry);
        waitForEnd();

        CPPUNIT_ASSERT(historyOf("a").front().outcome == Outcome::Succeeded);
    }

    void allRunsAreStoppedAtTheEnd() {
        for (const std::string name : {"a", "b"}) addJob(name, "job.schedule = * * * * *\n");
        start();
        advance(1min);

        _scheduler->stopRuns("the host is ending");
        settle();

        for (const std::string name : {"a", "b"})
            CPPUNIT_ASSERT_EQUAL(std::string("the host is ending"), stopReason(name));
    }

    void reloadGivesMoreSeats() {
        makeFolder("workers.max = 1\n");
        for (const std::string name : {"a", "b"}) addJob(name, "job.schedule = 0 1 * * *\n");
        start();
        jump(1h);
        CPPUNIT_ASSERT(std::vector<std::string>{"a"} == _running);

        std::string keys = _folder->read("carillon.properties");
        _folder->write("carillon.properties", keys.replace(keys.find("max = 1"), 7, "max = 2"));
        reload();

        CPPUNIT_ASSERT((std::vector<std::string>{"a", "b"} == _running));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, seats().most());
    }

    void runKeepsItsConfigurationOverAReload() {
        addJob("a", "job.timeout = 1m\n");
        start();
        ask("a");

        addJob("a", "job.timeout = 2m\n");
        reload();
        CPPUNIT_ASSERT(ticketOf("a").job.settings()->timeout == 1min);
        finish("a");
        ask("a");

        CPPUNIT_ASSERT(ticketOf("a").timeout == 2min);
    }

    void runThatLostItsLockIsStopped() {
        addJob("a", "");
        start();
        ask("a");
        auto session = openFile();
        execute(session, "UPDATE job_state SET fence = fence + 1, run = 'another'");

        advance(11s);

        CPPUNIT_ASSERT(std::vector<std::string>{"a"} == _listener.lost);
        CPPUNIT_ASSERT(stopReason("a").starts_with("lost the job's lock to run another of host test-host"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, settle().lostLocks.size());
        finish("a");
        CPPUNIT_ASSERT(historyOf("a").front().report->find("which may have done the same") != std::string::npos);
        CPPUNIT_ASSERT(settle().lostLocks.empty());
    }

    void lockThatIsGoneIsTakenAgain() {
        addJob("a", "");
        start();
        ask("a");
        auto session = openFile();
        execute(session, "DELETE FROM job_state");

        advance(11s);

        CPPUNIT_ASSERT(_listener.lost.empty());
        CPPUNIT_ASSERT_EQUAL(stateOf("a").run, RunStore(stateDir(), _clock).locks().at(0).run);
    }

    void actOnRejectsThatFailsIsNotTriedAgain() {
        addJob("a", "job.schedule = 0 * * * *\njob.retries = 2\njob.retry.delay = 1m\n");
        start();
        ask("a", false, Trigger::Replay);

        finish("a", failed());

        CPPUNIT_ASSERT(historyOf("a").front().outcome == Outcome::Failed);
        CPPUNIT_ASSERT(stateOf("a").phase == JobPhase::Idle);
        CPPUNIT_ASSERT(!hasRetry("a"));
        advance(2min);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, historyOf("a").size());
    }

    void actOnRejectsLeavesTheRetryOfARun() {
        addJob("a", "job.schedule = 0 * * * *\njob.retries = 2\njob.retry.delay = 1m\n");
        start();
        jump(1h);
        finish("a", failed());
        ask("a", false, Trigger::Replay);

        finish("a", failed());

        CPPUNIT_ASSERT(stateOf("a").phase == JobPhase::Retrying);
        CPPUNIT_ASSERT_EQUAL(2, stored("a")->retry->attempt);
    }

    void runsOfAHostThatIsGoneHaveFailed() {
        addJob("a", "job.schedule = 0 * * * *\njob.retries = 1\n");
        start();
        claimInAChild("a");
        endChild();

        start();

        CPPUNIT_ASSERT(std::vector<std::string>{"a: ended without a report: its process is gone"} == _listener.ended);
        CPPUNIT_ASSERT(hasRetry("a"));
        CPPUNIT_ASSERT(historyOf("a").front().outcome == Outcome::Failed);
    }

private:
    /// What became of it so far, once the scheduler has done what it can.
    std::shared_ptr<const std::string> ask(const std::string& job, bool wait = false, Trigger trigger = Trigger::Cli) {
        const auto answer = std::make_shared<std::string>();
        const auto add = [answer](const std::string& text) { *answer += (answer->empty() ? "" : ", ") + text; };
        RunRequest request;
        request.job = job;
        request.wait = wait;
        request.trigger = trigger;
        request.onClaimed = [add](const auto&) { add("claimed"); };
        request.onBusy = [add](const Holder& holder) { add("busy: " + holder.run); };
        request.onRefused = [add](const std::string& why, const auto&) { add("refused: " + why); };
        request.onEnd = [add](const RunResult& result) { add("ended: " + result.report.message.text); };
        _scheduler->submit(std::move(request));
        settle();
        return answer;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SchedulerRequestsTest);
