#include "SchedulerFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

/// Days off and blackouts. It is midnight before Sunday, 22 November 2026.
class SchedulerCalendarTest : public SchedulerFixture {
    CPPUNIT_TEST_SUITE(SchedulerCalendarTest);
    CPPUNIT_TEST(slotOnADayOffIsSkippedWithItsName);
    CPPUNIT_TEST(slotMovesAndItsWorkIsDoneOnce);
    CPPUNIT_TEST(slotInABlackoutIsSkipped);
    CPPUNIT_TEST(dayOffWhileNoHostRanIsNotMissed);
    CPPUNIT_TEST(whatNoHostSawWaitsForTheEndOfABlackout);
    CPPUNIT_TEST(whatWaitsForARunWaitsForTheEndOfABlackout);
    CPPUNIT_TEST(retryWaitsForTheEndOfABlackout);
    CPPUNIT_TEST(splayIntoABlackoutWaits);
    CPPUNIT_TEST(stopSkipsWhatWaitsThroughABlackout);
    CPPUNIT_TEST(stateTellsTheNextFiringAndWhyNotNow);
    CPPUNIT_TEST(changedCalendarIsFollowedAfterAReload);
    CPPUNIT_TEST(changedCalendarThatMovesNothingKeepsTheSlots);
    CPPUNIT_TEST(removedJobHadItsDaysOff);
    CPPUNIT_TEST(rowsOfDaysOffSurviveAStoreThatFails);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { makeFolder(); }

    void slotOnADayOffIsSkippedWithItsName() {
        addJob("a", "job.schedule = 0 */8 * * *\njob.calendar = weekends\n");
        start();

        advance(24h);
        CPPUNIT_ASSERT(runs("a"));
        finish("a");

        CPPUNIT_ASSERT_EQUAL(
            std::string("08:00 skipped (day off: weekend), 16:00 skipped (day off: weekend), 00:00 ran"), ledger("a"));
    }

    void slotMovesAndItsWorkIsDoneOnce() {
        addJob("a", "job.schedule = 0 3 * * 0,1\njob.calendar = weekends\njob.calendar.days = next_working_day\n");
        addJob("b", "job.schedule = 30 4 * * 0\njob.calendar = weekends\njob.calendar.days = next_working_day\n");
        start();

        advance(27h);
        finish("a");
        advance(24h);
        finish("b");

        CPPUNIT_ASSERT_EQUAL(std::string("03:00 skipped (moved to 2026-11-23 03:00 (weekend)), 03:00 ran"),
                             ledger("a"));
        CPPUNIT_ASSERT_EQUAL(std::string("04:30 skipped (moved to 2026-11-23 04:30 (weekend)), 04:30 ran"),
                             ledger("b"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, historyOf("b").size());
    }

    void slotInABlackoutIsSkipped() {
        addJob("a", "job.schedule = 0 * * * *\njob.blackout = 01:00-02:30\n");
        start();

        advance(3h);
        finish("a");

        CPPUNIT_ASSERT_EQUAL(
            std::string("01:00 skipped (blackout (01:00-02:30)), 02:00 skipped (blackout (01:00-02:30)), "
                        "03:00 ran"),
            ledger("a"));
    }

    void dayOffWhileNoHostRanIsNotMissed() {
        addJob("a", "job.schedule = 0 3 * * *\njob.calendar = weekends\njob.misfire = skip\n");
        start();
        kill();
        _clock.advance(50h);
        start();

        CPPUNIT_ASSERT_EQUAL(
            std::string("03:00 skipped (day off: weekend), 03:00 missed (late, and job.misfire is skip)"), ledger("a"));
    }

    void whatNoHostSawWaitsForTheEndOfABlackout() {
        addJob("a", "job.schedule = 0 * * * *\njob.blackout = 04:30-06:15\n");
        start();
        kill();
        _clock.advance(5h + 10min);
        start();
        settle();
        const bool ranTooSoon = runs("a");
        const auto state = stateOf("a");
        advance(1h + 5min);

        CPPUNIT_ASSERT(!ranTooSoon);
        CPPUNIT_ASSERT(JobPhase::Waiting == state.phase);
        CPPUNIT_ASSERT(runs("a"));
        const auto run = finish("a");
        CPPUNIT_ASSERT(Trigger::Misfire == run.trigger);
        CPPUNIT_ASSERT_EQUAL(std::string("06:15"), timeOf(run.startedAt));
        CPPUNIT_ASSERT_EQUAL(std::string("01:00 merged, 02:00 merged, 03:00 merged, 04:00 ran, "
                                         "05:00 skipped (blackout (04:30-06:15)), "
                                         "06:00 skipped (blackout (04:30-06:15))"),
                             ledger("a"));
    }

    void whatWaitsForARunWaitsForTheEndOfABlackout() {
        addJob("a", "job.schedule = 0 * * * *\njob.overlap = queue\njob.blackout = 02:10-02:50\n");
        start();
        advance(2h + 20min);
        finish("a");  // of 01:00; that of 02:00 waits
        const bool ranTooSoon = runs("a");
        advance(30min);

        CPPUNIT_ASSERT(!ranTooSoon);
        CPPUNIT_ASSERT_EQUAL(std::string("02:50"), timeOf(finish("a").startedAt));
        advance(10min);
        CPPUNIT_ASSERT_EQUAL(std::string("03:00"), timeOf(finish("a").startedAt));
        CPPUNIT_ASSERT_EQUAL(std::string("01:00 ran, 02:00 ran, 03:00 ran"), ledger("a"));
    }

    void retryWaitsForTheEndOfABlackout() {
        addJob("a",
               "job.schedule = 0 */6 * * *\njob.retries = 1\njob.retry.delay = 1s\njob.blackout = 06:00-06:30, "
               "07:00-09:00\n");
        start();
        advance(6h + 45min);
        CPPUNIT_ASSERT_EQUAL(std::string("06:00 skipped (blackout (06:00-06:30))"), ledger("a"));
        CPPUNIT_ASSERT(!runs("a"));

        addJob("a", "job.schedule = 0 */6 * * *\njob.retries = 1\njob.retry.delay = 1s\njob.blackout = 12:10-13:00\n");
        reload();
        advance(5h + 30min);
        finish("a", failed());
        CPPUNIT_ASSERT(hasRetry("a"));
        advance(30min);
        const bool ranTooSoon = runs("a");
        advance(15min);

        CPPUNIT_ASSERT(!ranTooSoon);
        const auto again = finish("a");
        CPPUNIT_ASSERT_EQUAL(2, again.attempt);
        CPPUNIT_ASSERT_EQUAL(std::string("13:00"), timeOf(again.startedAt));
    }

    void splayIntoABlackoutWaits() {
        // Every job has a splay of its own, below ten hours; its slot is 00:00.
        addJob("a", "job.schedule = 0 0 * * *\njob.splay = 10h\njob.blackout = 00:01-23:59\n");
        start();
        advance(48h - 2min);
        const bool ranTooSoon = runs("a");
        advance(2min);

        CPPUNIT_ASSERT(!ranTooSoon);
        CPPUNIT_ASSERT_EQUAL(std::string("23:59"), timeOf(finish("a").startedAt));
    }

    void stopSkipsWhatWaitsThroughABlackout() {
        addJob("a", "job.schedule = 0 * * * *\njob.overlap = queue\njob.blackout = 02:10-02:50\n");
        start();
        advance(2h + 20min);
        finish("a");

        const auto stopped = _scheduler->stop("a", "anna");
        settle();

        CPPUNIT_ASSERT(std::vector<std::string>{"a"} == stopped.skipped);
        CPPUNIT_ASSERT_EQUAL(std::string("01:00 ran, 02:00 skipped (stopped by anna)"), ledger("a"));
    }

    void stateTellsTheNextFiringAndWhyNotNow() {
        addJob("a", "job.schedule = 0 3 * * *\njob.calendar = weekends\n");
        addJob("b", "job.schedule = 0 3 * * 0\njob.calendar = weekends\n");
        start();

        const auto state = stateOf("a");

        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-23T03:00:00.000Z"), toRfc3339(state.next));
        CPPUNIT_ASSERT_EQUAL(std::string("day off: weekend"), state.off);
        CPPUNIT_ASSERT(kNever == stateOf("b").next);
        // The store has the slot that is to be accounted for next.
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-22T03:00:00.000Z"), toRfc3339(*stored("a")->next));
        advance(24h);
        CPPUNIT_ASSERT_EQUAL(std::string(), stateOf("a").off);
    }

    void changedCalendarIsFollowedAfterAReload() {
        writeCalendar("20261122");
        addJob("a", "job.schedule = 0 3 * * *\njob.calendar = site.ics\njob.calendar.days = next_working_day\n");
        start();
        writeCalendar("20261123");
        reload();
        advance(28h);
        finish("a");
        advance(24h);
        finish("a");

        CPPUNIT_ASSERT_EQUAL(std::string("03:00 ran, 03:00 skipped (moved to 2026-11-24 03:00 (closed)), 03:00 ran"),
                             ledger("a"));
    }

    void changedCalendarThatMovesNothingKeepsTheSlots() {
        writeCalendar("20261122");
        addJob("a", "job.schedule = 0 * * * *\njob.calendar = site.ics\njob.overlap = queue\n");
        start();
        writeCalendar("20261123");
        reload();
        advance(2h);  // that of 02:00 waits for the run of 01:00
        writeCalendar("20261124");
        reload();
        finish("a");
        finish("a");

        CPPUNIT_ASSERT_EQUAL(std::string("01:00 ran, 02:00 ran"), ledger("a"));
    }

    void removedJobHadItsDaysOff() {
        addJob("a", "job.schedule = 0 * * * *\njob.blackout = 00:30-01:30\n");
        addJob("b", "job.schedule = 0 0 1 1 *\n");
        start();
        freeze(2h + 10min);
        finish("a");
        advance(1min);
        CPPUNIT_ASSERT_EQUAL(std::string("01:00 skipped (blackout (00:30-01:30)), 02:00 ran"), ledger("a"));

        kill();
        _clock.advance(24h);
        addJob("a", "job.schedule = 5 * * * *\njob.blackout = 00:30-01:30\n");
        start();
        CPPUNIT_ASSERT(ledger("a").find("03:00 missed (the schedule was changed)") != std::string::npos);
    }

    void rowsOfDaysOffSurviveAStoreThatFails() {
        addJob("a", "job.schedule = 0 * * * *\njob.calendar = weekends\n");
        start();
        lockStore();
        freeze(2h + 1s);
        unlockStore();
        advance(1min);

        CPPUNIT_ASSERT_EQUAL(std::string("01:00 skipped (day off: weekend), 02:00 skipped (day off: weekend)"),
                             ledger("a"));
    }

private:
    void writeCalendar(const std::string& day) const {
        _folder->write("jobs/site.ics", "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nDTSTART:" + day +
                                            "\nSUMMARY:closed\nEND:VEVENT\nEND:VCALENDAR\n");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SchedulerCalendarTest);
