#include "SchedulerFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <optional>
#include <string>

using namespace carillon;
using namespace std::chrono_literals;

/// Pauses with an end. A job fires each minute unless a test says otherwise.
class SchedulerPauseTest : public SchedulerFixture {
    CPPUNIT_TEST_SUITE(SchedulerPauseTest);
    CPPUNIT_TEST(slotsBeforeTheEndAreSkippedAndTheOneAtTheEndFires);
    CPPUNIT_TEST(theEndIsWaitedForAndNotLookedFor);
    CPPUNIT_TEST(pauseThatEndedWithoutAHostEndsAtTheStart);
    CPPUNIT_TEST(whatCameAfterTheEndFollowsItsMisfire);
    CPPUNIT_TEST(killedBeforeTheEndIsWrittenSkipsTheSameSlots);
    CPPUNIT_TEST(anotherPauseGivesItsEndAndNote);
    CPPUNIT_TEST(resumeClearsTheEnd);
    CPPUNIT_TEST(pauseWithoutAnEndTakesAnEarlierOneAway);
    CPPUNIT_TEST(pauseEndsWhileARunGoesOn);
    CPPUNIT_TEST(whatWasDueWhileNoWorkerWasFreeIsInThePauseToo);
    CPPUNIT_TEST(jobsWithoutASlotAreResumedToo);
    CPPUNIT_TEST(reloadKeepsTheEnd);
    CPPUNIT_TEST(jobThatComesBackAfterTheEndFires);
    CPPUNIT_TEST(splayedSlotIsInThePauseWhenItsTimeIs);
    CPPUNIT_TEST(pauseOfAnEarlierVersionStaysWithoutAnEnd);
    CPPUNIT_TEST(longNotesAreCutForTheLedger);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        makeFolder();
        addJob("a", kEachMinute);
    }

    void slotsBeforeTheEndAreSkippedAndTheOneAtTheEndFires() {
        start();
        pauseUntil("a", 3min, "travaux sur la base");
        advance(179s);
        CPPUNIT_ASSERT(stateOf("a").phase == JobPhase::Paused);

        advance(1s);

        const std::string why = "paused by anna: travaux sur la base";
        CPPUNIT_ASSERT_EQUAL("00:01 skipped (" + why + "), 00:02 skipped (" + why + "), 00:03 ran", ledger("a"));
        CPPUNIT_ASSERT(!stateOf("a").pause && !stored("a")->paused);
        CPPUNIT_ASSERT_EQUAL(1, _listener.pausesEnded);
        assertStoredNext("00:04", "a");
    }

    void theEndIsWaitedForAndNotLookedFor() {
        addJob("rare", "job.schedule = 0 12 * * *\n");
        start();
        CPPUNIT_ASSERT(setPaused("a", true));

        pauseUntil("rare", 90min);
        CPPUNIT_ASSERT(stateOf("rare").phase == JobPhase::Paused);
        advance(90min - 1s);
        CPPUNIT_ASSERT(stateOf("rare").phase == JobPhase::Paused);
        CPPUNIT_ASSERT(wakesAt() <= _midnight + 90min);
        advance(1s);

        CPPUNIT_ASSERT(stateOf("rare").phase == JobPhase::Idle);
        assertStoredNext("12:00", "rare");
    }

    void pauseThatEndedWithoutAHostEndsAtTheStart() {
        addJob("a", kEachMinute + "job.misfire = skip\n");
        start();
        pauseUntil("a", 3min);
        kill();
        _clock.advance(5min + 30s);

        start();

        CPPUNIT_ASSERT(stateOf("a").phase == JobPhase::Idle);
        CPPUNIT_ASSERT(!stored("a")->paused);
        const std::string late = " missed (late, and job.misfire is skip), ";
        const std::string skipped = " skipped (paused by anna), ";
        CPPUNIT_ASSERT_EQUAL("00:01" + skipped + "00:02" + skipped + "00:03" + late + "00:04" + late +
                                 "00:05 missed (late, and job.misfire is skip)",
                             ledger("a"));
    }

    void whatCameAfterTheEndFollowsItsMisfire() {
        start();
        pauseUntil("a", 2min);
        kill();
        _clock.advance(4min + 30s);

        start();

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 skipped (paused by anna), 00:02 merged, 00:03 merged, 00:04 ran"),
                             ledger("a"));
        CPPUNIT_ASSERT(Trigger::Misfire == finish("a").trigger);
    }

    void killedBeforeTheEndIsWrittenSkipsTheSameSlots() {
        start();
        pauseUntil("a", 2min);
        lockStore();
        advance(150s);
        CPPUNIT_ASSERT(_running.empty());
        CPPUNIT_ASSERT(stateOf("a").pause);
        kill();
        unlockStore();
        CPPUNIT_ASSERT(stored("a")->paused);

        start();

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 skipped (paused by anna), 00:02 ran"), ledger("a"));
    }

    void anotherPauseGivesItsEndAndNote() {
        start();
        CPPUNIT_ASSERT(pauseUntil("a", 5min, "travaux"));
        advance(30s);

        CPPUNIT_ASSERT(!pauseUntil("a", 5min));
        CPPUNIT_ASSERT(!pauseUntil("a", 5min, "travaux"));
        CPPUNIT_ASSERT(pauseUntil("a", 2min));

        const Pause pause = *stateOf("a").pause;
        CPPUNIT_ASSERT_EQUAL(std::string("travaux"), pause.note);
        CPPUNIT_ASSERT(pause.since == _midnight && pause.until == _midnight + 2min);
        CPPUNIT_ASSERT(stored("a")->pause == pause);
        advance(90s);
        CPPUNIT_ASSERT(stateOf("a").phase == JobPhase::Running);
    }

    void resumeClearsTheEnd() {
        start();
        pauseUntil("a", 5min, "travaux");
        setPaused("a", false);
        CPPUNIT_ASSERT(stored("a")->pause == Pause{});
        setPaused("a", true);

        advance(6min);

        CPPUNIT_ASSERT(stateOf("a").phase == JobPhase::Paused);
        CPPUNIT_ASSERT(_running.empty());
        CPPUNIT_ASSERT_EQUAL(std::string(), stateOf("a").pause->note);
    }

    void pauseWithoutAnEndTakesAnEarlierOneAway() {
        start();
        pauseUntil("a", 2min);

        CPPUNIT_ASSERT(setPaused("a", true));
        advance(3min);

        CPPUNIT_ASSERT(stateOf("a").phase == JobPhase::Paused && !stateOf("a").pause->until);
    }

    void pauseEndsWhileARunGoesOn() {
        start();
        advance(1min);
        pauseUntil("a", 3min);
        CPPUNIT_ASSERT(stateOf("a").phase == JobPhase::Running && stateOf("a").pause);

        advance(2min);

        CPPUNIT_ASSERT(!stateOf("a").pause);
        finish("a");
        advance(1min);
        CPPUNIT_ASSERT_EQUAL(
            std::string("00:01 ran, 00:02 skipped (paused by anna), 00:03 skipped (overlap), 00:04 ran"), ledger("a"));
    }

    void whatWasDueWhileNoWorkerWasFreeIsInThePauseToo() {
        makeFolder("workers.max = 1\n");
        addJob("a", kEachMinute);
        addJob("hog", "job.schedule = 1 0 * * *\n");
        start();
        pauseUntil("a", 60min);
        advance(3min);
        CPPUNIT_ASSERT(std::vector<std::string>{"hog"} == _running);

        setPaused("a", false);
        finish("hog");
        advance(1min);

        const std::string skipped = " skipped (paused by anna), ";
        CPPUNIT_ASSERT_EQUAL("00:01" + skipped + "00:02" + skipped + "00:03" + skipped + "00:04 ran", ledger("a"));
    }

    void jobsWithoutASlotAreResumedToo() {
        addJob("manual", "");
        start();
        pauseUntil("manual", 1min);
        advance(59s);
        CPPUNIT_ASSERT(stateOf("manual").phase == JobPhase::Paused);

        advance(1s);

        CPPUNIT_ASSERT(stateOf("manual").phase == JobPhase::Manual);
        CPPUNIT_ASSERT(!stored("manual")->paused);
    }

    void reloadKeepsTheEnd() {
        start();
        pauseUntil("a", 2min, "travaux");
        addJob("aa", kEachMinute);

        reload();
        CPPUNIT_ASSERT_EQUAL(std::string("travaux"), stateOf("a").pause->note);
        advance(2min);

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 skipped (paused by anna: travaux), 00:02 ran"), ledger("a"));
    }

    void jobThatComesBackAfterTheEndFires() {
        addJob("other", "");
        start();
        pauseUntil("a", 2min);
        removeJob("a");
        reload();
        advance(3min + 30s);
        CPPUNIT_ASSERT(stored("a")->paused);

        addJob("a", kEachMinute);
        reload();
        advance(30s);

        CPPUNIT_ASSERT(!stored("a")->paused);
        CPPUNIT_ASSERT(ledger("a").ends_with("00:04 ran"));
    }

    void splayedSlotIsInThePauseWhenItsTimeIs() {
        addJob("a", kEachMinute + "job.splay = 30s\n");
        start();
        const auto splay = splayOf(30s, "a");
        CPPUNIT_ASSERT(splay > 0s);
        advance(30s);
        const Pause pause{"anna", {}, _midnight + 1min + splay, ""};
        _scheduler->setPaused("a", pause);

        advance(40s + splay);

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 ran"), ledger("a"));
    }

    void pauseOfAnEarlierVersionStaysWithoutAnEnd() {
        start();
        setPaused("a", true);
        kill();
        auto session = openFile();
        execute(session, "DELETE FROM job_pause");

        start();
        advance(1min);

        CPPUNIT_ASSERT_EQUAL(std::string("00:01 skipped (paused)"), ledger("a"));
        CPPUNIT_ASSERT(stateOf("a").pause == Pause{});
    }

    void longNotesAreCutForTheLedger() {
        start();
        std::string note;
        for (int i = 0; i < 60; ++i) note += "été ";
        pauseUntil("a", 2min, note);
        advance(1min);

        const std::string reason = textOf(rowsOf("a").front().reason);

        CPPUNIT_ASSERT_MESSAGE(reason, reason.starts_with("paused by anna: été été ") && reason.ends_with("…"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{100}, charactersOf(reason));
    }

private:
    static std::size_t charactersOf(const std::string& text) {
        return static_cast<std::size_t>(
            std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
    }

    const std::string kEachMinute = "job.schedule = * * * * *\n";
};

CPPUNIT_TEST_SUITE_REGISTRATION(SchedulerPauseTest);
