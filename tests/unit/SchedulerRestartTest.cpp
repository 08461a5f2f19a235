#include "SchedulerFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <string>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

/// What is kept when the host or its store goes away.
class SchedulerRestartTest : public SchedulerFixture {
    CPPUNIT_TEST_SUITE(SchedulerRestartTest);
    CPPUNIT_TEST(restartInTheMiddleLosesAndDoublesNothing);
    CPPUNIT_TEST(slotsThatPassedWhileDownAreLate);
    CPPUNIT_TEST(queueSurvivesARestart);
    CPPUNIT_TEST(pauseSurvivesARestart);
    CPPUNIT_TEST(pausedSlotsAreSkippedAndNotCaughtUp);
    CPPUNIT_TEST(pauseIsToldOnce);
    CPPUNIT_TEST(failedWriteLosesNothing);
    CPPUNIT_TEST(failedWriteOfAPauseIsMadeUpFor);
    CPPUNIT_TEST(endThatCouldNotBeWrittenIsWrittenLater);
    CPPUNIT_TEST(removedStoreIsWrittenAnew);
    CPPUNIT_TEST(runOverARemovedStoreIsRecorded);
    CPPUNIT_TEST(nextSlotThatTheLedgerHasAlreadyFiresNothingTwice);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { makeFolder(); }

    void restartInTheMiddleLosesAndDoublesNothing() {
        addJob("a", "job.schedule = * * * * *\n");
        start();
        std::string expected;
        for (int minute = 1; minute <= 20; ++minute) {
            advance(30s);
            if (minute % 3 == 0) start();
            advance(30s);
            if (minute % 4 == 0) start();  // its run goes on, in this process: the lock is held
            if (runs("a")) finish("a");
            expected += (minute == 1 ? "00:0" : minute < 10 ? ", 00:0" : ", 00:") + std::to_string(minute);
            const bool held = minute > 4 && minute % 20 != 1;
            expected += held ? " skipped (overlap)" : " ran";
        }

        CPPUNIT_ASSERT_EQUAL(expected, ledger("a"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, historyOf("a").size());
    }

    void slotsThatPassedWhileDownAreLate() {
        addJob("a", "job.schedule = */20 * * * *\n");
        start();
        advance(1'200s);
        finish("a");

        kill();
        _clock.advance(2h + 1min);
        start();

        CPPUNIT_ASSERT(Trigger::Misfire == finish("a").trigger);
        CPPUNIT_ASSERT_EQUAL(std::string("00:20 ran, 00:40 merged, 01:00 merged, 01:20 merged, 01:40 merged, "
                                         "02:00 merged, 02:20 ran"),
                             ledger("a"));
        assertStoredNext("02:40", "a");
    }

    void queueSurvivesARestart() {
        addJob("a", "job.schedule = * * * * *\njob.overlap = queue\njob.misfire = run_all\n");
        start();
        advance(180s);
        finish("a");
        finish("a");

        start();
        advance(1s);
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 ran, 00:03 ran"), ledger("a"));
        assertStoredNext("00:04", "a");
    }

    void pauseSurvivesARestart() {
        addJob("a", "job.schedule = * * * * *\n");
        start();
        setPaused("a", true);

        start();
        advance(60s);

        CPPUNIT_ASSERT(stateOf("a").phase == JobPhase::Paused);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, settle().paused);
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 skipped (paused)"), ledger("a"));
    }

    void pausedSlotsAreSkippedAndNotCaughtUp() {
        addJob("a", "job.schedule = * * * * *\njob.misfire = run_all\n");
        start();
        setPaused("a", true);
        advance(120s);

        setPaused("a", false);
        CPPUNIT_ASSERT(_running.empty());
        advance(60s);

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 skipped (paused), 00:02 skipped (paused), 00:03 ran"), ledger("a"));
    }

    void pauseIsToldOnce() {
        addJob("a", "job.schedule = * * * * *\n");
        start();

        CPPUNIT_ASSERT(setPaused("a", true));
        CPPUNIT_ASSERT(!setPaused("a", true));
        CPPUNIT_ASSERT(setPaused("a", false));
        CPPUNIT_ASSERT(!setPaused("a", false));
    }

    void failedWriteLosesNothing() {
        addJob("a", "job.schedule = * * * * *\n");
        addJob("b", "job.schedule = * * * * *\n");
        start();
        advance(59s);
        lockStore();
        advance(2s);
        CPPUNIT_ASSERT(_running.empty());
        const auto state = settle();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, state.waiting);
        CPPUNIT_ASSERT(state.storeProblem.text.find("is locked by another program") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("00:01"),
                             timeOf(std::chrono::ceil<std::chrono::seconds>(state.storeFailedSince)));

        unlockStore();
        advance(StoreHealth::kRetry);

        CPPUNIT_ASSERT(std::vector<std::string>({"a", "b"}) == _running);
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran"), ledger("a"));
        assertStoredNext("00:02", "b");
        CPPUNIT_ASSERT_EQUAL(std::string(), settle().storeProblem.text);
        CPPUNIT_ASSERT_EQUAL(1, _listener.storeFailures);
        CPPUNIT_ASSERT_EQUAL(1, _listener.storeRecoveries);
    }

    void failedWriteOfAPauseIsMadeUpFor() {
        addJob("a", "job.schedule = * * * * *\n");
        start();
        lockStore();
        CPPUNIT_ASSERT_THROW(setPaused("a", true), StoreException);
        unlockStore();
        CPPUNIT_ASSERT(!stored("a")->paused);

        advance(StoreHealth::kRetry);

        CPPUNIT_ASSERT(stored("a")->paused);
    }

    void endThatCouldNotBeWrittenIsWrittenLater() {
        addJob("a", "job.schedule = * * * * *\n");
        start();
        advance(60s);
        lockStore();
        finish("a");
        unlockStore();
        CPPUNIT_ASSERT(!historyOf("a").front().outcome);

        advance(60s);

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 ran"), ledger("a"));
        CPPUNIT_ASSERT(historyOf("a").back().outcome == Outcome::Succeeded);
    }

    void removedStoreIsWrittenAnew() {
        addJob("a", "job.schedule = * * * * *\n");
        addJob("b", "job.schedule = 0 3 * * *\n");
        start();
        setPaused("b", true);
        for (int i = 0; i < 3; ++i) {
            advance(60s);
            finish("a");
        }

        removeStore();
        CPPUNIT_ASSERT(!stored("a"));
        advance(2s);
        assertStoredNext("00:04", "a");
        CPPUNIT_ASSERT(stored("b")->paused);
        advance(60s);
        finish("a");
        start();
        advance(60s);

        CPPUNIT_ASSERT_EQUAL(std::string("00:04 ran, 00:05 ran"), ledger("a"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, historyOf("a").front().fence);
    }

    void runOverARemovedStoreIsRecorded() {
        addJob("a", "job.schedule = * * * * *\n");
        start();
        advance(60s);

        removeStore();
        const auto run = finish("a");
        advance(60s);

        CPPUNIT_ASSERT_EQUAL(run.run, historyOf("a").back().id);
        CPPUNIT_ASSERT(historyOf("a").back().outcome == Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(std::string("00:02 ran"), ledger("a"));
    }

    void nextSlotThatTheLedgerHasAlreadyFiresNothingTwice() {
        addJob("a", "job.schedule = * * * * *\n");
        start();
        advance(60s);
        finish("a");
        advance(60s);
        finish("a");
        auto session = openFile();
        execute(session, "UPDATE job_schedule SET next_at = next_at - 120000000");

        start();
        CPPUNIT_ASSERT(_running.empty());
        advance(60s);

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 ran, 00:03 ran"), ledger("a"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, historyOf("a").size());
        assertStoredNext("00:04", "a");
    }

private:
    void removeStore() const {
        for (const std::string end : {"", "-wal", "-shm"}) std::filesystem::remove(stateDir() + "/carillon.db" + end);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SchedulerRestartTest);
