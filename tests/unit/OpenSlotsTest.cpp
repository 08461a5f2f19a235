#include "store/OpenSlots.h"

#include "RunStoreFixture.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>
#include <variant>

using namespace carillon;
using namespace std::chrono_literals;

/// Which due times a backfill runs, and what it leaves in the store.
class OpenSlotsTest : public RunStoreFixture {
    CPPUNIT_TEST_SUITE(OpenSlotsTest);
    CPPUNIT_TEST(whatHasNoSuccessIsOpen);
    CPPUNIT_TEST(aRetryThatSucceededCloses);
    CPPUNIT_TEST(theRunOfALaterSlotClosesTheOnesItStandsFor);
    CPPUNIT_TEST(whatTheLedgerDoesNotKnowIsOpen);
    CPPUNIT_TEST(whatAHostWillDecideIsLeftToIt);
    CPPUNIT_TEST(whatSomebodyAskedForIsNoSlot);
    CPPUNIT_TEST(aBackfillLeavesTheRowOfItsSlot);
    CPPUNIT_TEST(aBackfillOfAnUnknownSlotHasItsRow);
    CPPUNIT_TEST(aSlotIsRunOnceHoweverManyWantIt);
    CPPUNIT_TEST(aSlotThatIsTriedAgainIsLeftAlone);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _store = std::make_unique<RunStore>(folder(), _clock); }
    void tearDown() override { _store.reset(); }

    void whatHasNoSuccessIsOpen() {
        ranAt(0s, Outcome::Succeeded);
        ranAt(1s, Outcome::Failed);
        ranAt(2s, Outcome::NothingToDo);
        addSlot(3s, "missed");
        addSlot(4s, "skipped");
        addSlot(5s, "skipped", "", "day off: Noël");

        CPPUNIT_ASSERT_EQUAL(std::string("1 3 4"), open());
        CPPUNIT_ASSERT_EQUAL(std::string("3 4"), open({}, OpenKind::WithoutRun));
    }

    void aRetryThatSucceededCloses() {
        ranAt(0s, Outcome::Failed);
        ranAt(0s, Outcome::Succeeded, 2, Trigger::Retry);

        CPPUNIT_ASSERT_EQUAL(std::string(), open());
    }

    void theRunOfALaterSlotClosesTheOnesItStandsFor() {
        const std::string good = ranAt(5s, Outcome::Succeeded);
        const std::string bad = ranAt(8s, Outcome::Failed);
        addSlot(4s, "merged", good);
        addSlot(7s, "merged", bad);

        CPPUNIT_ASSERT_EQUAL(std::string("7 8"), open());
    }

    void whatTheLedgerDoesNotKnowIsOpen() {
        ranAt(1s, Outcome::Succeeded);

        CPPUNIT_ASSERT_EQUAL(std::string("0 2"), open({0s, 1s, 2s}));
    }

    void whatAHostWillDecideIsLeftToIt() {
        auto session = openFile();
        execute(session, "INSERT INTO job_schedule (job, plan, next_at, paused, busy) VALUES ('sync', 1, " +
                             micros(2s) + ", 0, 0)");

        CPPUNIT_ASSERT_EQUAL(std::string("0 1"), open({0s, 1s, 2s, 3s}));
    }

    void whatSomebodyAskedForIsNoSlot() {
        ranAt(0s, Outcome::Failed, 1, Trigger::Cli);

        CPPUNIT_ASSERT_EQUAL(std::string(), open());
    }

    void aBackfillLeavesTheRowOfItsSlot() {
        addSlot(3s, "missed");
        _clock.advance(1h);

        const std::string run = backfill(3s, Outcome::Failed);

        const auto slots = _store->ledger("sync", 10);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, slots.size());
        CPPUNIT_ASSERT(slots[0].ending == SlotEnding::Missed);
        CPPUNIT_ASSERT(_store->run(run)->scheduledAt == _start + 3s);
        CPPUNIT_ASSERT_EQUAL(std::string("3"), open());
        backfill(3s, Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(std::string(), open());
        const auto story = _store->dueStory("sync", _start + 3s, _start + 4s);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, story.slots.at(0).attempts.size());
    }

    void aBackfillOfAnUnknownSlotHasItsRow() {
        _clock.advance(1h);

        backfill(2s, Outcome::Failed);

        CPPUNIT_ASSERT(_store->ledger("sync", 10).at(0).slotAt == _start + 2s);
        CPPUNIT_ASSERT_EQUAL(std::string("2"), open({2s}));
        CPPUNIT_ASSERT_EQUAL(std::string(), open({2s}, OpenKind::WithoutRun));
    }

    void aSlotIsRunOnceHoweverManyWantIt() {
        _clock.advance(1h);
        ClaimRequest ask = backfillOf(2s);
        ask.exclusive = false;

        const auto first = std::get<Claim>(_store->claim(ask)).identity;
        CPPUNIT_ASSERT_EQUAL(first.run, std::get<SlotHasRun>(_store->claim(ask)).run);  // it goes on
        CPPUNIT_ASSERT_EQUAL(std::string(), open({2s}));
        auto session = openFile();
        execute(session, "UPDATE run SET outcome = 2, finished_at = started_at WHERE id = '" + first.run + "'");
        const auto second = std::get<Claim>(_store->claim(ask)).identity;
        execute(session, "UPDATE run SET outcome = 0, finished_at = started_at WHERE id = '" + second.run + "'");

        CPPUNIT_ASSERT_EQUAL(second.run, std::get<SlotHasRun>(_store->claim(ask)).run);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _store->history("sync", 10).size());
    }

    void aSlotThatIsTriedAgainIsLeftAlone() {
        auto session = openFile();
        execute(session,
                "INSERT INTO job_schedule (job, plan, next_at, paused, busy, retry_at, retry_slot, "
                "retry_attempt, retry_trigger) VALUES ('sync', 1, " +
                    micros(9s) + ", 0, 0, " + micros(8s) + ", " + micros(2s) + ", 2, 'schedule')");

        CPPUNIT_ASSERT_EQUAL(std::string("1"), open({1s, 2s}));
        CPPUNIT_ASSERT_EQUAL(std::string(), std::get<SlotHasRun>(_store->claim(backfillOf(2s))).run);
    }

private:
    /// Seconds after the start, of what is open in a minute.
    std::string open(const std::vector<std::chrono::seconds>& due = {},
                     OpenKind kind = OpenKind::WithoutSuccess) const {
        std::vector<TimePoint> times;
        for (const auto at : due) times.push_back(_start + at);
        std::string text;
        for (const auto at : openSlots(_store->knownSlots("sync", _start, _start + 1min), times, kind))
            text += (text.empty() ? "" : " ") + std::to_string((at - _start) / 1s);
        return text;
    }

    std::string claim(ClaimRequest ask, Outcome outcome) {
        const auto won = std::get<Claim>(_store->claim(ask));
        RunEnding end = ending();
        end.outcome = outcome;
        CPPUNIT_ASSERT(_store->finish(won.identity, end));
        return won.identity.run;
    }
    std::string ranAt(std::chrono::seconds at, Outcome outcome, int attempt = 1, Trigger trigger = Trigger::Schedule) {
        ClaimRequest ask = request("");
        ask.scheduledAt = _start + at;
        ask.attempt = attempt;
        ask.trigger = trigger;
        return claim(ask, outcome);
    }
    ClaimRequest backfillOf(std::chrono::seconds at) const {
        ClaimRequest ask = request("");
        ask.scheduledAt = _start + at;
        ask.trigger = Trigger::Backfill;
        ask.standsFor = true;
        return ask;
    }
    std::string backfill(std::chrono::seconds at, Outcome outcome) { return claim(backfillOf(at), outcome); }

    std::string micros(std::chrono::seconds at) const {
        return std::to_string((_start + at).time_since_epoch().count());
    }
    void addSlot(std::chrono::seconds at, const std::string& ending, const std::string& run = "",
                 const std::string& reason = "") {
        auto session = openFile();
        execute(session,
                "INSERT INTO slot (job, slot_at, ending, reason, run, trigger_name, recorded_at) VALUES ('sync', " +
                    micros(at) + ", '" + ending + "', '" + reason + "', '" + run + "', 'schedule', " + micros(at) +
                    ")");
    }

    const TimePoint _start = _clock.now();
    std::unique_ptr<RunStore> _store{};
};
CPPUNIT_TEST_SUITE_REGISTRATION(OpenSlotsTest);
