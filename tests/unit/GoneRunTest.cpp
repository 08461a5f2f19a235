#include "RunStoreFixture.h"
#include "store/ActivityLog.h"
#include "store/GoneRun.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace carillon;
using namespace std::chrono_literals;

class GoneRunTest : public RunStoreFixture {
    CPPUNIT_TEST_SUITE(GoneRunTest);
    CPPUNIT_TEST(anIdTellsWhenItsRunWasClaimed);
    CPPUNIT_TEST(whatIsNoIdOfAHostTellsNothing);
    CPPUNIT_TEST(theSlotOfARunThatIsGoneIsFound);
    CPPUNIT_TEST(whoAskedForARunThatIsGoneIsFound);
    CPPUNIT_TEST(aRunOfWhichNothingIsLeftIsNobodys);
    CPPUNIT_TEST_SUITE_END();

public:
    void anIdTellsWhenItsRunWasClaimed() {
        CPPUNIT_ASSERT(timeOfRunId(newRunId(_clock.now() + 3s)) == _clock.now() + 3s);
        CPPUNIT_ASSERT(timeOfRunId("20261122-000003-0123abcd") == _clock.now() + 3s);
    }

    void whatIsNoIdOfAHostTellsNothing() {
        for (const char* id : {"", "42", "20261122-000003", "20261322-000003-0123abcd", "20261122-256003-0123abcd",
                               "20261122T000003-0123abcd", "2026112a-000003-0123abcd", "aaaaaaaa-aaaaaa-aaaaaaaa"})
            CPPUNIT_ASSERT_MESSAGE(id, !timeOfRunId(id));
    }

    void theSlotOfARunThatIsGoneIsFound() {
        const std::string id = newRunId(_clock.now());
        slot("before", -1min, "ran", newRunId(_clock.now()));
        slot("sync", -2min, "ran", id);
        slot("sync", -1min, "skipped", id);  // for which it was skipped

        const auto gone = store().goneRun(id);

        CPPUNIT_ASSERT_EQUAL(std::string("sync"), gone->job());
        CPPUNIT_ASSERT(gone->slot->slotAt == _clock.now() - 2min);
        CPPUNIT_ASSERT(gone->claimedAt == _clock.now());
    }

    void whoAskedForARunThatIsGoneIsFound() {
        const std::string id = newRunId(_clock.now());
        store();
        Activity act;
        act.at = act.lastAt = _clock.now();
        act.actor = {ActorKind::User, "anna", "", ActVia::Page, ""};
        act.what = Act::Run;
        act.job = "sync";
        act.subject = id;
        Activity stop = act;
        stop.what = Act::Stop;
        stop.actor.name = "bob";
        ActivityLog(folder(), _clock, {}).write({stop, act});

        const auto gone = store().goneRun(id);

        CPPUNIT_ASSERT_EQUAL(std::string("sync"), gone->job());
        CPPUNIT_ASSERT_EQUAL(std::string("anna"), gone->act->actor.name);
        CPPUNIT_ASSERT(!gone->slot);
    }

    void aRunOfWhichNothingIsLeftIsNobodys() {
        const std::string id = newRunId(_clock.now());
        slot("sync", -1min, "ran", newRunId(_clock.now()));

        CPPUNIT_ASSERT_EQUAL(std::string(), store().goneRun(id)->job());
        CPPUNIT_ASSERT(!store().goneRun("42"));
    }

private:
    RunStore store() const { return RunStore(folder(), _clock); }

    void slot(const std::string& job, std::chrono::microseconds due, const std::string& ending,
              const std::string& run) {
        store().ledger(std::nullopt, std::size_t{1});  // makes the tables
        auto session = openFile();
        const auto micros = [](TimePoint at) {
            return std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count());
        };
        execute(session, "INSERT INTO slot (job, slot_at, ending, reason, run, trigger_name, recorded_at) VALUES ('" +
                             job + "', " + micros(_clock.now() + due) + ", '" + ending + "', '', '" + run +
                             "', 'schedule', " + micros(_clock.now() + 1s) + ")");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(GoneRunTest);
