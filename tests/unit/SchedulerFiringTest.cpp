#include "SchedulerFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

/// What fires when.
class SchedulerFiringTest : public SchedulerFixture {
    CPPUNIT_TEST_SUITE(SchedulerFiringTest);
    CPPUNIT_TEST(firstLoadWritesARowForEachJob);
    CPPUNIT_TEST(slotsFireOnTimeAndMoveOn);
    CPPUNIT_TEST(looksAheadOfTheNextSlotAndAtIt);
    CPPUNIT_TEST(runIsClaimedAheadAndStartsAtItsSlot);
    CPPUNIT_TEST(nothingButARunIsDecidedAhead);
    CPPUNIT_TEST(jobThatIsLookedAtForAnotherReasonIsNotClaimedAhead);
    CPPUNIT_TEST(slotDuringARunIsSkippedForThatRun);
    CPPUNIT_TEST(queuedSlotsFireOneAfterTheOther);
    CPPUNIT_TEST(slotsThatWaitAreSkippedWhenTheyAreStopped);
    CPPUNIT_TEST(allowedSlotsFireBesideOthers);
    CPPUNIT_TEST(replacingSlotHasTheRunStoppedAndFiresAfterIt);
    CPPUNIT_TEST(disabledAndManualJobsDoNotFire);
    CPPUNIT_TEST(splayShiftsFiringsAndKeepsSlots);
    CPPUNIT_TEST(splayedSlotWhoseTimeHasNotComeIsNotLate);
    CPPUNIT_TEST(splayedSlotWhoseTimePassedUnseenIsLate);
    CPPUNIT_TEST(busyScheduleIsInForceWhileABacklogIsLeft);
    CPPUNIT_TEST(busyStateSurvivesARestart);
    CPPUNIT_TEST(fullGroupLetsOthersPassAndKeepsItsOrder);
    CPPUNIT_TEST(withoutRoomTheOrderIsKept);
    CPPUNIT_TEST(seatThatIsFreedIsClaimedOnce);
    CPPUNIT_TEST(runThatWaitedForItsSeatBeganWhenItHadIt);
    CPPUNIT_TEST(clockSetBackFiresNothingTwice);
    CPPUNIT_TEST(clockSetForwardFollowsTheMisfirePolicy);
    CPPUNIT_TEST(shortPauseOfTheHostIsNoMisfire);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { makeFolder(); }

    void firstLoadWritesARowForEachJob() {
        addJob("a", "job.schedule = */5 * * * *\n");
        addJob("b", "");

        start();

        assertStoredNext("00:05", "a");
        assertStoredNext("never", "b");
        CPPUNIT_ASSERT(stored("b") && !stored("b")->paused);
        CPPUNIT_ASSERT_EQUAL(std::string(), ledger("a"));
    }

    void slotsFireOnTimeAndMoveOn() {
        addJob("a", "job.schedule = */5 * * * *\n");
        start();
        advance(299s);
        CPPUNIT_ASSERT(_running.empty());

        advance(1s);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _running.size());
        const auto run = finish("a");
        CPPUNIT_ASSERT(Trigger::Schedule == run.trigger);
        CPPUNIT_ASSERT_EQUAL(std::string("00:05"), timeOf(run.scheduledAt));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, run.fence);
        assertStoredNext("00:10", "a");
        CPPUNIT_ASSERT_EQUAL(std::string("00:05 ran"), ledger("a"));
        CPPUNIT_ASSERT_EQUAL(run.run, rowsOf("a").front().run);
        CPPUNIT_ASSERT(historyOf("a").front().outcome == Outcome::Succeeded);
    }

    void looksAheadOfTheNextSlotAndAtIt() {
        addJob("a", "job.schedule = */5 * * * *\n");
        addJob("b", "job.schedule = */3 * * * *\n");
        start();
        const TimePoint slot = _clock.now() + 3min;
        advance(3min - 500ms);
        CPPUNIT_ASSERT(wakesAt() == slot - kHeadStart);

        setPaused("b", true);  // its slot will be skipped, which is not known before
        advance(500ms - kHeadStart);

        CPPUNIT_ASSERT(wakesAt() == slot);
    }

    void runIsClaimedAheadAndStartsAtItsSlot() {
        addJob("a", "job.schedule = */5 * * * *\n");
        start();
        const TimePoint slot = _clock.now() + 5min;
        advance(5min - kHeadStart - 1us);
        CPPUNIT_ASSERT(_running.empty());

        advance(1us);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _running.size());
        CPPUNIT_ASSERT_EQUAL(std::string("00:05 ran"), ledger("a"));
        assertStoredNext("00:10", "a");
        auto begun = std::async(std::launch::async, [claim = ticketOf("a").claim] { return claim->wait(); });
        advance(kHeadStart - 1us);
        CPPUNIT_ASSERT(begun.wait_for(50ms) == std::future_status::timeout);
        advance(1us);

        CPPUNIT_ASSERT(begun.get()->identity.startedAt == slot);
        finish("a");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _running.size());
    }

    /// A run that ends just before the next slot does not make it a skipped one.
    void nothingButARunIsDecidedAhead() {
        addJob("a", "job.schedule = * * * * *\n");
        addJob("b", "job.schedule = * * * * *\njob.overlap = replace\n");
        addJob("c", "job.schedule = * * * * *\n");
        start();
        advance(119s);
        setPaused("c", true);
        advance(1s - kHeadStart);
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran"), ledger("a"));
        CPPUNIT_ASSERT_EQUAL(std::string(), stopReason("b"));
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran"), ledger("c"));

        finish("a");
        advance(kHeadStart);

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 ran"), ledger("a"));
        CPPUNIT_ASSERT_EQUAL(std::string("replaced by the job's next slot"), stopReason("b"));
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 skipped (paused)"), ledger("c"));
    }

    void jobThatIsLookedAtForAnotherReasonIsNotClaimedAhead() {
        makeFolder("workers.max = 100\nworkers.group.db = 1\n");
        for (const std::string name : {"a", "b"}) addJob(name, "job.schedule = 0 1 * * *\njob.group = db\n");
        start();
        advance(1h);
        CPPUNIT_ASSERT(std::vector<std::string>{"a"} == _running);

        jump(-30min);
        finish("a");  // there is room for b, whose slot is half an hour away again
        CPPUNIT_ASSERT(std::vector<std::string>{"a"} == _running);
        advance(30min);

        CPPUNIT_ASSERT((std::vector<std::string>{"a", "b"} == _running));
    }

    void slotDuringARunIsSkippedForThatRun() {
        addJob("a", "job.schedule = * * * * *\n");
        start();
        advance(120s);

        const auto run = finish("a");
        advance(60s);

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 skipped (overlap), 00:03 ran"), ledger("a"));
        CPPUNIT_ASSERT_EQUAL(run.run, rowsOf("a").at(1).run);
    }

    void queuedSlotsFireOneAfterTheOther() {
        addJob("a", "job.schedule = * * * * *\njob.overlap = queue\n");
        start();
        advance(180s);
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran"), ledger("a"));
        assertStoredNext("00:02", "a");

        finish("a");
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 ran"), ledger("a"));
        finish("a");
        finish("a");

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 ran, 00:03 ran"), ledger("a"));
        assertStoredNext("00:04", "a");
    }

    void slotsThatWaitAreSkippedWhenTheyAreStopped() {
        addJob("a", "job.schedule = * * * * *\njob.overlap = queue\n");
        start();
        advance(180s);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, settle().waiting);

        CPPUNIT_ASSERT(std::vector<std::string>{"a"} == _scheduler->stop("a", "anna").skipped);
        settle();
        CPPUNIT_ASSERT(_scheduler->stop("a", "anna").skipped.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("stopped by anna"), stopReason("a"));
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 skipped (stopped by anna), 00:03 skipped (stopped by anna)"),
                             ledger("a"));
        finish("a");
        CPPUNIT_ASSERT(!runs("a"));
        advance(60s);

        CPPUNIT_ASSERT(ledger("a").ends_with(", 00:04 ran"));
    }

    void allowedSlotsFireBesideOthers() {
        addJob("a", "job.schedule = * * * * *\njob.overlap = allow\n");
        start();

        advance(180s);

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, settle().running);
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 ran, 00:03 ran"), ledger("a"));
    }

    void replacingSlotHasTheRunStoppedAndFiresAfterIt() {
        addJob("a", "job.schedule = * * * * *\njob.overlap = replace\n");
        start();
        advance(119s);
        CPPUNIT_ASSERT_EQUAL(std::string(), stopReason("a"));

        advance(1s);
        CPPUNIT_ASSERT_EQUAL(std::string("replaced by the job's next slot"), stopReason("a"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _running.size());
        finish("a", failed());

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _running.size());
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran, 00:02 ran"), ledger("a"));
    }

    void disabledAndManualJobsDoNotFire() {
        _folder->write("carillon.properties",
                       "plugins.dir = plugins\nhost.name = test-host\nstate.dir = state\njobs.enabled = b\n");
        addJob("a", "job.schedule = * * * * *\n");
        addJob("b", "");
        start();

        advance(120s);

        CPPUNIT_ASSERT(_running.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("00:01 skipped (disabled), 00:02 skipped (disabled)"), ledger("a"));
        CPPUNIT_ASSERT_EQUAL(std::string(), ledger("b"));
    }

    void splayShiftsFiringsAndKeepsSlots() {
        addJob("a", "job.schedule = */10 * * * *\njob.splay = 5m\n");
        start();
        const auto splay = splayOf(5min, "a");
        CPPUNIT_ASSERT(splay > 1s && splay < 5min);
        advance(10min);

        advance(std::chrono::floor<std::chrono::seconds>(splay));
        CPPUNIT_ASSERT(_running.empty());
        advance(1s);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _running.size());
        CPPUNIT_ASSERT_EQUAL(std::string("00:10"), timeOf(finish("a").scheduledAt));
        CPPUNIT_ASSERT_EQUAL(std::string("00:10 ran"), ledger("a"));
    }

    /// The host is down over the slot, and there again when it is to fire.
    void splayedSlotWhoseTimeHasNotComeIsNotLate() {
        addJob("a", "job.schedule = */10 * * * *\njob.splay = 5m\njob.misfire = skip\n");
        start();
        advance(60s);
        CPPUNIT_ASSERT(splayOf(5min, "a") > 20s);

        kill();
        _clock.advance(9min + 10s);
        start();
        advance(300s);

        CPPUNIT_ASSERT_EQUAL(std::string("00:10 ran"), ledger("a"));
    }

    /// The host is there at the slot, and down when it is to fire.
    void splayedSlotWhoseTimePassedUnseenIsLate() {
        addJob("a", "job.schedule = */10 * * * *\njob.splay = 5m\njob.misfire = skip\n");
        start();
        advance(602s);
        CPPUNIT_ASSERT(_running.empty());

        jump(300s);

        CPPUNIT_ASSERT(_running.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("00:10 missed (late, and job.misfire is skip)"), ledger("a"));
    }

    void busyScheduleIsInForceWhileABacklogIsLeft() {
        addJob("a", "job.schedule = */10 * * * *\njob.busy_schedule = */2 * * * *\n");
        start();
        advance(600s);

        finish("a", succeeded().gauge("waiting", 5, FigureRole::Backlog));
        assertStoredNext("00:12", "a");
        advance(120s);
        finish("a", succeeded().gauge("waiting", 1, FigureRole::Backlog));
        assertStoredNext("00:14", "a");
        advance(120s);
        finish("a", succeeded().gauge("waiting", 0, FigureRole::Backlog));

        assertStoredNext("00:20", "a");
        CPPUNIT_ASSERT_EQUAL(std::string("00:10 ran, 00:12 ran, 00:14 ran"), ledger("a"));
    }

    void busyStateSurvivesARestart() {
        addJob("a", "job.schedule = */10 * * * *\njob.busy_schedule = */2 * * * *\n");
        start();
        advance(600s);
        finish("a", succeeded().gauge("waiting", 5, FigureRole::Backlog));

        start();
        assertStoredNext("00:12", "a");
        advance(120s);
        finish("a");

        assertStoredNext("00:20", "a");
    }

    void fullGroupLetsOthersPassAndKeepsItsOrder() {
        makeFolder("workers.max = 100\nworkers.group.db = 1\n");
        for (const std::string name : {"a", "b", "c"}) addJob(name, "job.schedule = 0 1 * * *\njob.group = db\n");
        addJob("z", "job.schedule = 0 1 * * *\n");
        start();
        jump(1h);
        CPPUNIT_ASSERT(std::vector<std::string>({"a", "z"}) == _running);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, settle().waiting);

        finish("a");
        CPPUNIT_ASSERT(std::vector<std::string>({"a", "z", "b"}) == _running);
        finish("b");

        CPPUNIT_ASSERT(std::vector<std::string>({"a", "z", "b", "c"}) == _running);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, settle().waiting);
        CPPUNIT_ASSERT_EQUAL(std::string("01:00 ran"), ledger("c"));
    }

    void withoutRoomTheOrderIsKept() {
        makeFolder("workers.max = 1\n");
        constexpr std::size_t jobs = 70;
        const auto name = [](std::size_t i) { return "j" + std::to_string(100 + i); };
        for (std::size_t i = 0; i < jobs; ++i) addJob(name(i), "job.schedule = 0 1 * * *\n");
        start();
        jump(1h);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _running.size());
        CPPUNIT_ASSERT_EQUAL(jobs - 1, settle().waiting);

        for (std::size_t i = 0; i < jobs; ++i) finish(_running.at(i));

        for (std::size_t i = 0; i < jobs; ++i) CPPUNIT_ASSERT_EQUAL(name(i), _running.at(i));
    }

    void seatThatIsFreedIsClaimedOnce() {
        makeFolder("workers.max = 1\n");
        for (const std::string name : {"a", "b", "c", "d"}) addJob(name, "job.schedule = 0 1 * * *\n");
        start();
        jump(1h);

        finish("a");
        CPPUNIT_ASSERT((std::vector<std::string>{"a", "b"} == _running));
        advance(1s);
        finish("b");

        CPPUNIT_ASSERT((std::vector<std::string>{"a", "b", "c"} == _running));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, settle().waiting);
    }

    void runThatWaitedForItsSeatBeganWhenItHadIt() {
        addJob("a", "job.schedule = 0 1 * * *\n");
        start();
        advance(1h);
        advance(10min);

        seats().end(ticketOf("a"), succeeded(), _clock.now(), _clock.now() - 4min);
        settle();

        const auto run = historyOf("a").at(0);
        CPPUNIT_ASSERT_EQUAL(std::string("01:06"), timeOf(run.startedAt));
        CPPUNIT_ASSERT_EQUAL(std::string("01:10"), timeOf(*run.finishedAt));
    }

    void clockSetBackFiresNothingTwice() {
        addJob("a", "job.schedule = */10 * * * *\n");
        start();
        for (int i = 0; i < 3; ++i) {
            advance(600s);
            finish("a");
        }
        const auto before = rowsOf("a").size();

        jump(-30min);
        advance(1'799s);
        CPPUNIT_ASSERT_EQUAL(before, rowsOf("a").size());
        advance(601s);

        CPPUNIT_ASSERT_EQUAL(before + 1, rowsOf("a").size());
        assertStoredNext("00:50", "a");
    }

    void clockSetForwardFollowsTheMisfirePolicy() {
        addJob("all", "job.schedule = */20 * * * *\njob.misfire = run_all\n");
        addJob("once", "job.schedule = */20 * * * *\n");
        addJob("skip", "job.schedule = */20 * * * *\njob.misfire = skip\n");
        start();

        jump(65min);
        for (int i = 0; i < 3; ++i) CPPUNIT_ASSERT(Trigger::Misfire == finish("all").trigger);

        const std::string missed = " missed (late, and job.misfire is skip)";
        CPPUNIT_ASSERT_EQUAL(std::string("00:20 ran, 00:40 ran, 01:00 ran"), ledger("all"));
        CPPUNIT_ASSERT_EQUAL(std::string("00:20 merged, 00:40 merged, 01:00 ran"), ledger("once"));
        CPPUNIT_ASSERT_EQUAL("00:20" + missed + ", 00:40" + missed + ", 01:00" + missed, ledger("skip"));
        const auto rows = rowsOf("once");
        CPPUNIT_ASSERT_EQUAL(rows.at(0).run, rows.at(1).run);
        CPPUNIT_ASSERT_EQUAL(rows.at(0).run, rows.at(2).run);
    }

    void shortPauseOfTheHostIsNoMisfire() {
        addJob("a", "job.schedule = * * * * *\njob.misfire = skip\n");
        start();
        advance(58s);

        jump(5s);

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran"), ledger("a"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SchedulerFiringTest);
