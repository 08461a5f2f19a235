#include "RunStoreFixture.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sqlite3.h>

#include <set>
#include <string>
#include <variant>

using namespace carillon;
using namespace std::chrono_literals;

class RunStoreTest : public RunStoreFixture {
    CPPUNIT_TEST_SUITE(RunStoreTest);
    CPPUNIT_TEST(memoryIsNotCountedUnderOneLock);
    CPPUNIT_TEST(firstClaimIsARunInHistoryAndLedger);
    CPPUNIT_TEST(askingAgainAndAgainLeavesTheLedgerAlone);
    CPPUNIT_TEST(finishRecordsTheEndAndFreesTheLock);
    CPPUNIT_TEST(asksOfOneInstantHaveASlotEach);
    CPPUNIT_TEST(furtherAttemptStaysInItsSlot);
    CPPUNIT_TEST(runIdInUseIsReplaced);
    CPPUNIT_TEST(runIdNamesTheSecondInUtc);
    CPPUNIT_TEST(listsAreNewestFirstAndLimited);
    CPPUNIT_TEST(everyHundredthRunRemovesOldHistory);
    CPPUNIT_TEST_SUITE_END();

public:
    void memoryIsNotCountedUnderOneLock() {
        RunStore store(folder(), _clock);
        store.claim(request("one"));

        CPPUNIT_ASSERT_EQUAL(sqlite3_int64{0}, ::sqlite3_memory_used());
    }

    void firstClaimIsARunInHistoryAndLedger() {
        RunStore store(folder(), _clock);

        const auto claim = std::get<Claim>(store.claim(request("20261122-103223-1a2b")));

        CPPUNIT_ASSERT_EQUAL(std::string("20261122-103223-1a2b"), claim.identity.run);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, claim.identity.fence);
        CPPUNIT_ASSERT(_clock.now() == claim.identity.startedAt);
        CPPUNIT_ASSERT(!claim.abandoned);
        const auto run = store.run(claim.identity.run);
        CPPUNIT_ASSERT(run && !run->outcome && !run->finishedAt && !run->report);
        CPPUNIT_ASSERT(Trigger::Cli == run->trigger);
        CPPUNIT_ASSERT(_clock.now() == run->scheduledAt);
        const auto slots = store.ledger("sync", 10);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, slots.size());
        CPPUNIT_ASSERT(slots[0].ending == SlotEnding::Ran);
        CPPUNIT_ASSERT_EQUAL(claim.identity.run, slots[0].run);
        CPPUNIT_ASSERT(_clock.now() == slots[0].slotAt);
    }

    void askingAgainAndAgainLeavesTheLedgerAlone() {
        RunStore store(folder(), _clock);
        store.claim(request("a"));
        auto waiting = request("b");
        waiting.recordSkip = false;

        for (int i = 0; i < 3; ++i) CPPUNIT_ASSERT(std::holds_alternative<Holder>(store.claim(waiting)));

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, store.ledger("sync", 10).size());
    }

    void finishRecordsTheEndAndFreesTheLock() {
        RunStore store(folder(), _clock);
        const auto claim = std::get<Claim>(store.claim(request("a")));
        _clock.advance(2s);

        const bool finished = store.finish(claim.identity, ending());

        CPPUNIT_ASSERT(finished);
        const auto run = store.lastRun("sync");
        CPPUNIT_ASSERT(run && run->outcome == Outcome::NothingToDo && run->finishedAt == _clock.now());
        CPPUNIT_ASSERT_EQUAL(std::string("no items, l'été"), run->message);
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"job":"sync"})"), run->report.value_or(""));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, std::get<Claim>(store.claim(request("b"))).identity.fence);
        CPPUNIT_ASSERT(!store.finish(claim.identity, ending()));
    }

    void asksOfOneInstantHaveASlotEach() {
        RunStore store(folder(), _clock);
        const auto first = std::get<Claim>(store.claim(request("a")));
        store.claim(request("b"));
        store.finish(first.identity, ending());

        const auto third = std::get<Claim>(store.claim(request("c")));

        CPPUNIT_ASSERT(_clock.now() + 2us == third.identity.scheduledAt);
        CPPUNIT_ASSERT(third.identity.scheduledAt == store.run("c")->scheduledAt);
        std::set<TimePoint> instants;
        for (const auto& slot : store.ledger("sync", 10)) instants.insert(slot.slotAt);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, instants.size());
    }

    void furtherAttemptStaysInItsSlot() {
        RunStore store(folder(), _clock);
        const auto first = std::get<Claim>(store.claim(request("a")));
        auto again = request("b");
        again.attempt = 2;
        _clock.advance(1s);
        const auto refused = store.claim(again);
        store.finish(first.identity, ending());

        const auto second = std::get<Claim>(store.claim(again));

        CPPUNIT_ASSERT(std::holds_alternative<Holder>(refused));
        CPPUNIT_ASSERT(first.identity.scheduledAt == second.identity.scheduledAt);
        CPPUNIT_ASSERT_EQUAL(2, store.run("b")->attempt);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, store.ledger("sync", 10).size());
        CPPUNIT_ASSERT(store.ledger("sync", 10)[0].ending == SlotEnding::Ran);
    }

    void runIdInUseIsReplaced() {
        RunStore store(folder(), _clock);
        store.finish(std::get<Claim>(store.claim(request("a"))).identity, ending());

        const auto claim = std::get<Claim>(store.claim(request("a")));

        CPPUNIT_ASSERT(claim.identity.run != "a");
        CPPUNIT_ASSERT(store.run("a")->outcome == Outcome::NothingToDo);
        CPPUNIT_ASSERT(store.run(claim.identity.run));
        CPPUNIT_ASSERT_EQUAL(claim.identity.run, store.ledger("sync", 1)[0].run);
    }

    void runIdNamesTheSecondInUtc() {
        const TimePoint at = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 10h + 32min + 23s + 999ms;

        const std::string id = newRunId(at);

        CPPUNIT_ASSERT_EQUAL(std::string("20261122-103223-"), id.substr(0, 16));
        CPPUNIT_ASSERT_EQUAL(std::size_t{24}, id.size());
        CPPUNIT_ASSERT_EQUAL(std::string::npos, id.find_first_not_of("0123456789abcdef", 16));
    }

    void listsAreNewestFirstAndLimited() {
        RunStore store(folder(), _clock);
        for (const char* id : {"a", "b", "c"}) {
            auto ask = request(id);
            store.finish(std::get<Claim>(store.claim(ask)).identity, ending());
        }

        const auto runs = store.history("sync", 2);
        const auto slots = store.ledger(std::nullopt, 2);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, runs.size());
        CPPUNIT_ASSERT_EQUAL(std::string("c"), runs[0].id);
        CPPUNIT_ASSERT_EQUAL(std::string("b"), runs[1].id);
        CPPUNIT_ASSERT_EQUAL(std::string("c"), slots[0].run);
        CPPUNIT_ASSERT_EQUAL(std::string("c"), store.lastRun("sync")->id);
        CPPUNIT_ASSERT(!store.lastRun("none"));
        CPPUNIT_ASSERT(store.history("sync", 0).empty());
    }

    void everyHundredthRunRemovesOldHistory() {
        RunStore store(folder(), _clock);
        sql("INSERT INTO job_state (job, fence) VALUES ('sync', 98)");
        sql("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5100)"
            " INSERT INTO run SELECT 'old' || i, 'sync', 'cli', 1, 'here', 0, i * 10, i * 10 + 1, i * 10 + 2, 0, '', "
            "'{}', NULL"
            " FROM n");
        sql("INSERT INTO slot SELECT job, scheduled_at, 'ran', '', id, 'cli', started_at FROM run");
        const auto early = std::get<Claim>(store.claim(request("a")));
        store.finish(early.identity, ending());
        const std::size_t before = store.history("sync", 10'000).size();

        const auto hundredth = std::get<Claim>(store.claim(request("b")));
        store.finish(hundredth.identity, ending());

        CPPUNIT_ASSERT_EQUAL(std::size_t{5101}, before);
        const auto runs = store.history("sync", 10'000);
        CPPUNIT_ASSERT_EQUAL(std::size_t{5000}, runs.size());
        CPPUNIT_ASSERT_EQUAL(std::string("old103"), runs.back().id);
        const auto slots = store.ledger("sync", 10'000);
        CPPUNIT_ASSERT_EQUAL(std::size_t{5000}, slots.size());
        CPPUNIT_ASSERT_EQUAL(std::string("old103"), slots.back().run);
    }

private:
    void sql(const std::string& statement) const {
        auto session = openFile();
        execute(session, statement);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(RunStoreTest);
