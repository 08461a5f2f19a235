#include "SchedulerFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

/// Retries, locks of other processes, and other configurations.
class SchedulerChangeTest : public SchedulerFixture {
    CPPUNIT_TEST_SUITE(SchedulerChangeTest);
    CPPUNIT_TEST(failedRunIsTriedAgainUnderTheSameSlot);
    CPPUNIT_TEST(nextAttemptComesNoSoonerThanTheTaskAsks);
    CPPUNIT_TEST(nextAttemptThatTheTaskAsksForSurvivesARestart);
    CPPUNIT_TEST(retryLaterIsAFailureWhereNothingIsTriedAgain);
    CPPUNIT_TEST(whatIsGivenUpIsNotTriedAgain);
    CPPUNIT_TEST(retryIsDroppedByANewerSlot);
    CPPUNIT_TEST(retrySurvivesARestart);
    CPPUNIT_TEST(retryThatFindsTheLockHeldSurvivesARestart);
    CPPUNIT_TEST(retryThatIsDueDuringARunWaitsForIt);
    CPPUNIT_TEST(pauseDropsTheRetry);
    CPPUNIT_TEST(lockOfAnotherProcessSkipsForItsRun);
    CPPUNIT_TEST(lockOfAnotherProcessLetsTheQueueWait);
    CPPUNIT_TEST(skipForAnOwnRunNamesNoEarlierHolder);
    CPPUNIT_TEST(addedJobFires);
    CPPUNIT_TEST(removedJobFiresNoMore);
    CPPUNIT_TEST(changedScheduleIsFollowedFromNowOn);
    CPPUNIT_TEST(changedSettingsKeepTheSlots);
    CPPUNIT_TEST(waitingSlotOfAChangedScheduleIsMissed);
    CPPUNIT_TEST(jobThatComesBackIsPausedAsItWas);
    CPPUNIT_TEST(jobThatComesAndGoesWhileTheStoreIsDownIsWrittenOnce);
    CPPUNIT_TEST(runOfARemovedJobEnds);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { makeFolder(); }

    void failedRunIsTriedAgainUnderTheSameSlot() {
        addJob("a", "job.schedule = 0 * * * *\njob.retries = 2\njob.retry.delay = 1s\n");
        start();
        jump(1h);
        finish("a", failed());
        CPPUNIT_ASSERT(hasRetry("a"));
        advance(1s);
        finish("a", failed());
        advance(2s);
        const auto last = finish("a", failed());
        advance(60s);

        CPPUNIT_ASSERT(Trigger::Retry == last.trigger);
        CPPUNIT_ASSERT_EQUAL(3, last.attempt);
        CPPUNIT_ASSERT_EQUAL(std::string("01:00"), timeOf(last.scheduledAt));
        CPPUNIT_ASSERT(!hasRetry("a") && !stored("a")->retry);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, historyOf("a").size());
        CPPUNIT_ASSERT_EQUAL(std::string("01:00 ran"), ledger("a"));
    }

    void nextAttemptComesNoSoonerThanTheTaskAsks() {
        addJob("a", "job.schedule = 0 * * * *\njob.retries = 1\njob.retry.delay = 1s\n");
        start();
        jump(1h);
        finish("a", RunReport::retryLater("busy", 90s));
        advance(89s);
        const bool wasTooSoon = runs("a");
        advance(2s);
        const auto again = finish("a", RunReport::retryLater("busy", 90s));
        advance(600s);

        CPPUNIT_ASSERT(!wasTooSoon);
        CPPUNIT_ASSERT_EQUAL(2, again.attempt);
        CPPUNIT_ASSERT_EQUAL(std::string("01:00"), timeOf(again.scheduledAt));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, historyOf("a").size());
    }

    void nextAttemptThatTheTaskAsksForSurvivesARestart() {
        addJob("a", kHourlyWithRetry);
        start();
        jump(1h);
        finish("a", RunReport::retryLater("busy", 10min));

        start();
        jump(9min);
        CPPUNIT_ASSERT(_running.empty());
        jump(2min);

        CPPUNIT_ASSERT_EQUAL(2, finish("a").attempt);
    }

    void retryLaterIsAFailureWhereNothingIsTriedAgain() {
        addJob("a", "job.schedule = 0 * * * *\n");
        start();
        jump(1h);
        finish("a", RunReport::retryLater("busy", 1s));
        advance(60s);

        CPPUNIT_ASSERT(!hasRetry("a"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, historyOf("a").size());
    }

    void whatIsGivenUpIsNotTriedAgain() {
        addJob("a", "job.schedule = 0 * * * *\njob.retries = 2\njob.retry.delay = 1s\n");
        start();
        jump(1h);
        finish("a", failed());
        advance(1s);
        finish("a", RunReport::giveUp("wrong key"));
        advance(60s);

        CPPUNIT_ASSERT(!hasRetry("a") && !stored("a")->retry);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, historyOf("a").size());
        CPPUNIT_ASSERT_EQUAL(std::string("01:00 ran"), ledger("a"));
    }

    void retryIsDroppedByANewerSlot() {
        addJob("a", "job.schedule = * * * * *\njob.retries = 5\njob.retry.delay = 60s\n");
        start();
        // Its delay is random, up to a minute: next to never does it end before the next slot, a microsecond later.
        advance(120s - 1us);
        finish("a", failed());
        if (!runs("a")) advance(1us);

        const auto run = finish("a");
        advance(60s);

        CPPUNIT_ASSERT_EQUAL(std::string("00:02"), timeOf(run.scheduledAt));
        CPPUNIT_ASSERT(Trigger::Schedule == run.trigger);
        CPPUNIT_ASSERT(!stored("a")->retry);
        CPPUNIT_ASSERT_EQUAL(std::string("00:03"), timeOf(finish("a").scheduledAt));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, historyOf("a").size());
    }

    void retrySurvivesARestart() {
        addJob("a", kHourlyWithRetry);
        failAtOne();

        start();
        CPPUNIT_ASSERT(_running.empty());
        jump(5min);

        const auto run = finish("a");
        CPPUNIT_ASSERT(Trigger::Retry == run.trigger);
        CPPUNIT_ASSERT_EQUAL(2, run.attempt);
        CPPUNIT_ASSERT_EQUAL(std::string("01:00"), timeOf(run.scheduledAt));
        CPPUNIT_ASSERT_EQUAL(std::string("01:00 ran"), ledger("a"));
    }

    void retryThatFindsTheLockHeldSurvivesARestart() {
        addJob("a", kHourlyWithRetry);
        failAtOne();
        claimInAChild("a");
        jump(5min);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _running.size());

        CPPUNIT_ASSERT(stored("a")->retry);
        endChild();
        start();
        advance(1min);

        CPPUNIT_ASSERT_EQUAL(2, finish("a").attempt);
    }

    void retryThatIsDueDuringARunWaitsForIt() {
        addJob("a", kHourlyWithRetry);
        failAtOne();
        RunRequest asked;
        asked.job = "a";
        _scheduler->submit(std::move(asked));
        settle();

        jump(5min);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _running.size());
        finish("a");

        CPPUNIT_ASSERT_EQUAL(2, finish("a").attempt);
    }

    void pauseDropsTheRetry() {
        addJob("a", kHourlyWithRetry);
        failAtOne();

        setPaused("a", true);
        setPaused("a", false);
        jump(5min);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _running.size());
        CPPUNIT_ASSERT(!stored("a")->retry);
    }

    void lockOfAnotherProcessSkipsForItsRun() {
        addJob("a", "job.schedule = */10 * * * *\n");
        start();
        const std::string run = claimInAChild("a");

        advance(600s);
        CPPUNIT_ASSERT(_running.empty());
        const auto skipped = rowsOf("a").front();
        endChild();
        advance(600s);

        CPPUNIT_ASSERT(skipped.ending == SlotEnding::Skipped);
        CPPUNIT_ASSERT_EQUAL(run, skipped.run);
        CPPUNIT_ASSERT(ledger("a").ends_with("00:10 skipped (overlap), 00:20 ran"));
    }

    void lockOfAnotherProcessLetsTheQueueWait() {
        addJob("a", "job.schedule = */10 * * * *\njob.overlap = queue\n");
        start();
        claimInAChild("a");
        advance(630s);
        CPPUNIT_ASSERT(_running.empty());
        assertStoredNext("00:10", "a");

        endChild();
        advance(2s);

        CPPUNIT_ASSERT_EQUAL(std::string("00:10"), timeOf(finish("a").scheduledAt));
        CPPUNIT_ASSERT(ledger("a").ends_with("00:10 ran"));
    }

    void skipForAnOwnRunNamesNoEarlierHolder() {
        addJob("a", "job.schedule = */10 * * * *\n");
        start();
        claimInAChild("a");
        advance(600s);
        endChild();
        advance(1'200s);

        const auto run = finish("a");

        CPPUNIT_ASSERT(ledger("a").ends_with("00:20 ran, 00:30 skipped (overlap)"));
        CPPUNIT_ASSERT_EQUAL(run.run, rowsOf("a").front().run);
    }

    void addedJobFires() {
        addJob("b", "job.schedule = * * * * *\n");
        start();
        advance(30s);

        addJob("a", "job.schedule = * * * * *\n");
        reload();
        advance(30s);

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran"), ledger("a"));
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran"), ledger("b"));
        finish("a");
        finish("b");
    }

    void removedJobFiresNoMore() {
        addJob("a", "job.schedule = * * * * *\n");
        addJob("b", "job.schedule = * * * * *\n");
        start();

        removeJob("a");
        reload();
        advance(60s);

        CPPUNIT_ASSERT_EQUAL(std::string(), ledger("a"));
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran"), ledger("b"));
        CPPUNIT_ASSERT(!stored("a")->next);
    }

    void changedScheduleIsFollowedFromNowOn() {
        addJob("a", "job.schedule = */10 * * * *\n");
        start();
        advance(300s);

        addJob("a", "job.schedule = */7 * * * *\n");
        reload();
        assertStoredNext("00:07", "a");
        start();

        assertStoredNext("00:07", "a");
        CPPUNIT_ASSERT_EQUAL(std::string(), ledger("a"));
    }

    void changedSettingsKeepTheSlots() {
        addJob("a", "job.schedule = * * * * *\njob.overlap = queue\n");
        start();
        advance(180s);

        addJob("a", "job.schedule = * * * * *\n");
        reload();
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 skipped (overlap), 00:03 skipped (overlap)"), ledger("a"));
        finish("a");
        advance(60s);

        CPPUNIT_ASSERT(ledger("a").ends_with("00:04 ran"));
    }

    void waitingSlotOfAChangedScheduleIsMissed() {
        addJob("a", "job.schedule = * * * * *\njob.overlap = queue\n");
        start();
        advance(120s);

        addJob("a", "job.schedule = */5 * * * *\njob.overlap = queue\n");
        reload();

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 missed (the schedule was changed)"), ledger("a"));
        assertStoredNext("00:05", "a");
    }

    void jobThatComesBackIsPausedAsItWas() {
        addJob("a", "job.schedule = * * * * *\n");
        addJob("b", "");
        start();
        setPaused("a", true);

        removeJob("a");
        reload();
        addJob("a", "job.schedule = * * * * *\n");
        reload();
        CPPUNIT_ASSERT(stateOf("a").phase == JobPhase::Paused);
        removeJob("a");
        start();
        addJob("a", "job.schedule = * * * * *\n");
        reload();

        CPPUNIT_ASSERT(stateOf("a").phase == JobPhase::Paused && stored("a")->paused);
    }

    void jobThatComesAndGoesWhileTheStoreIsDownIsWrittenOnce() {
        addJob("a", "job.schedule = * * * * *\n");
        addJob("b", "");
        start();
        lockStore();
        removeJob("a");
        reload();
        addJob("a", "job.schedule = * * * * *\n");
        reload();
        removeJob("a");
        reload();
        CPPUNIT_ASSERT(stored("a")->next);

        unlockStore();
        advance(1s);
        CPPUNIT_ASSERT(!stored("a")->next);
        addJob("a", "job.schedule = * * * * *\n");
        reload();

        assertStoredNext("00:01", "a");
    }

    void runOfARemovedJobEnds() {
        addJob("a", "job.schedule = * * * * *\n");
        addJob("b", "");
        start();
        advance(60s);
        removeJob("a");
        reload();

        finish("a");

        CPPUNIT_ASSERT(historyOf("a").front().outcome == Outcome::Succeeded);
    }

private:
    static constexpr const char* kHourlyWithRetry = "job.schedule = 0 * * * *\njob.retries = 2\njob.retry.delay = 1m\n";

    void failAtOne() {
        start();
        jump(1h);
        finish("a", failed());
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SchedulerChangeTest);
