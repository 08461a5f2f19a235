#include "store/ScheduleStore.h"

#include "RunStoreFixture.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <memory>
#include <string>
#include <variant>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

class ScheduleStoreTest : public RunStoreFixture {
    CPPUNIT_TEST_SUITE(ScheduleStoreTest);
    CPPUNIT_TEST(batchIsWrittenWhollyOrNotAtAll);
    CPPUNIT_TEST(foreignLockRefusesItsJobAlone);
    CPPUNIT_TEST(takenSlotRefusesItsJobAlone);
    CPPUNIT_TEST(missingRunIsRecordedWithItsEnd);
    CPPUNIT_TEST(runWhoseIdIsTakenIsNamedInTheLedger);
    CPPUNIT_TEST(livingRunsAreNotAbandoned);
    CPPUNIT_TEST(leasesOfThisProcessAreRenewed);
    CPPUNIT_TEST(lockThatIsGoneIsTakenAgain);
    CPPUNIT_TEST(lockOfAnotherIsLost);
    CPPUNIT_TEST(lockThatWasFreedByAnotherIsLost);
    CPPUNIT_TEST(fencesOfAllJobsAreReadInOrder);
    CPPUNIT_TEST(probeTellsAReplacedFileOnce);
    CPPUNIT_TEST(lockedStoreWorksAgainWhenItIsFree);
    CPPUNIT_TEST(tenThousandStartsAreAllRecorded);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _store = std::make_unique<ScheduleStore>(folder(), "here", _clock, 20ms); }
    void tearDown() override { _store.reset(); }

    void batchIsWrittenWhollyOrNotAtAll() {
        auto batch = startOf("a");
        batch.rows.push_back({"b", 1, {}, false, false, {}});
        change("CREATE TRIGGER refuses BEFORE INSERT ON slot BEGIN SELECT RAISE(ABORT, 'refused'); END");

        CPPUNIT_ASSERT_THROW(_store->write(batch), StoreException);

        CPPUNIT_ASSERT_EQUAL(std::string("0 0 0 0"), counts());
        change("DROP TRIGGER refuses");
        _store->write(batch);
        CPPUNIT_ASSERT_EQUAL(std::string("1 1 1 2"), counts());
    }

    void foreignLockRefusesItsJobAlone() {
        RunStore(folder(), _clock).claim(requestOf("a", "there"));
        auto batch = startOf("a");
        add(batch, "b");

        const auto answers = _store->write(batch);

        CPPUNIT_ASSERT_EQUAL(std::string("foreign"), std::get<Holder>(answers.at(0)).run);
        CPPUNIT_ASSERT_EQUAL(std::string("run-b"), std::get<Claim>(answers.at(1)).identity.run);
        CPPUNIT_ASSERT(nextOf("a") == _clock.now());
        CPPUNIT_ASSERT(nextOf("b") == _clock.now() + 1min);
        CPPUNIT_ASSERT(!RunStore(folder(), _clock).run("run-a"));
    }

    void takenSlotRefusesItsJobAlone() {
        auto first = startOf("a");
        _store->write(first);
        _store->write(endOf(first));
        auto again = startOf("a", "again");
        again.starts.front().identity.fence = 2;
        add(again, "b");

        const auto answers = _store->write(again);

        CPPUNIT_ASSERT(std::holds_alternative<SlotTaken>(answers.at(0)));
        CPPUNIT_ASSERT(std::holds_alternative<Claim>(answers.at(1)));
        CPPUNIT_ASSERT_EQUAL(std::string("2 2 2 2"), counts());
    }

    void missingRunIsRecordedWithItsEnd() {
        _store->write(endOf(startOf("a")));

        const auto run = RunStore(folder(), _clock).run("run-a");
        CPPUNIT_ASSERT(run && run->outcome == Outcome::NothingToDo);
    }

    void runWhoseIdIsTakenIsNamedInTheLedger() {
        auto other = startOf("b");
        other.starts.front().identity.run = other.slots.front().run = "run-a";
        _store->write(other);

        const auto answers = _store->write(startOf("a"));

        const std::string run = std::get<Claim>(answers.at(0)).identity.run;
        CPPUNIT_ASSERT(run != "run-a");
        CPPUNIT_ASSERT_EQUAL(run, RunStore(folder(), _clock).ledger("a", 1).front().run);
    }

    void livingRunsAreNotAbandoned() {
        _store->write(startOf("a"));

        const auto abandoned = ScheduleStore(folder(), "here", _clock).abandonRuns();

        CPPUNIT_ASSERT(abandoned.empty());
        CPPUNIT_ASSERT(!RunStore(folder(), _clock).run("run-a")->outcome);
    }

    void leasesOfThisProcessAreRenewed() {
        _store->write(startOf("a"));
        RunStore(folder(), _clock).claim(requestOf("b", "there"));
        _clock.advance(10s);

        _store->renewLeases({startOf("a").starts.at(0).identity});

        const auto until = std::to_string((_clock.now() + kLease).time_since_epoch().count());
        CPPUNIT_ASSERT_EQUAL(1, count("job_state WHERE job = 'a' AND lease_until = " + until));
        CPPUNIT_ASSERT_EQUAL(1, count("job_state WHERE job = 'b' AND lease_until < " + until));
    }

    void lockThatIsGoneIsTakenAgain() {
        auto batch = startOf("a");
        add(batch, "b");
        _store->write(batch);
        change("DELETE FROM job_state WHERE job = 'a'");

        const auto found = _store->renewLeases({batch.starts.at(0).identity, batch.starts.at(1).identity});

        CPPUNIT_ASSERT(found.lost.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.restored.size());
        CPPUNIT_ASSERT_EQUAL(std::string("run-a"), found.restored.front().run);
        CPPUNIT_ASSERT_EQUAL(1, count("job_state WHERE job = 'a' AND run = 'run-a' AND fence = 1"));
        CPPUNIT_ASSERT(std::holds_alternative<Holder>(RunStore(folder(), _clock).claim(requestOf("a", "there"))));
    }

    void lockOfAnotherIsLost() {
        auto batch = startOf("a");
        _store->write(batch);
        change("UPDATE job_state SET fence = 2, run = 'theirs', owner = 'there/b/n/7/1' WHERE job = 'a'");

        const auto found = _store->renewLeases({batch.starts.at(0).identity});
        _store->write(endOf(batch));

        CPPUNIT_ASSERT(found.restored.empty());
        CPPUNIT_ASSERT_EQUAL(std::string("run-a"), found.lost.at(0).run.run);
        CPPUNIT_ASSERT_EQUAL(std::string("theirs"), found.lost.at(0).holder->run);
        CPPUNIT_ASSERT_EQUAL(std::string("there"), found.lost.at(0).holder->host);
        CPPUNIT_ASSERT_EQUAL(7, found.lost.at(0).holder->pid);
        CPPUNIT_ASSERT_EQUAL(1, count("job_state WHERE job = 'a' AND run = 'theirs' AND fence = 2"));
    }

    void lockThatWasFreedByAnotherIsLost() {
        auto batch = startOf("a");
        _store->write(batch);
        change("UPDATE job_state SET fence = 2, run = NULL, owner = NULL, lease_until = NULL WHERE job = 'a'");
        change("UPDATE run SET outcome = 2, finished_at = 1, message = 'theirs' WHERE id = 'run-a'");

        const auto found = _store->renewLeases({batch.starts.at(0).identity});
        _store->write(endOf(batch));

        CPPUNIT_ASSERT(found.restored.empty());
        CPPUNIT_ASSERT(found.lost.size() == 1 && !found.lost.front().holder);
        CPPUNIT_ASSERT_EQUAL(1, count("job_state WHERE job = 'a' AND run IS NULL AND fence = 2"));
        CPPUNIT_ASSERT_EQUAL(1, count("run WHERE id = 'run-a' AND message = 'theirs'"));  // its end is not written over
    }

    void fencesOfAllJobsAreReadInOrder() {
        auto batch = startOf("b");
        add(batch, "a");
        _store->write(batch);
        _store->write(endOf(batch));
        RunStore(folder(), _clock).claim(requestOf("b", "here"));
        std::string fences;

        _store->readFences([&](const JobFence& row) { fences += row.job + std::to_string(row.fence) + ' '; });

        CPPUNIT_ASSERT_EQUAL(std::string("a1 b2 "), fences);
    }

    void probeTellsAReplacedFileOnce() {
        CPPUNIT_ASSERT(!_store->probe());
        for (int i = 0; i < 3; ++i) {
            for (const std::string end : {"", "-wal", "-shm"}) std::filesystem::remove(file() + end);

            CPPUNIT_ASSERT(_store->probe());
            CPPUNIT_ASSERT(!_store->probe());
        }
    }

    void lockedStoreWorksAgainWhenItIsFree() {
        auto other = openFile();
        execute(other, "BEGIN IMMEDIATE");
        CPPUNIT_ASSERT_THROW(_store->write(startOf("a")), StoreException);
        CPPUNIT_ASSERT_THROW(_store->probe(), StoreException);

        execute(other, "ROLLBACK");
        _store->write(startOf("a"));

        CPPUNIT_ASSERT(!_store->probe());
        CPPUNIT_ASSERT_EQUAL(std::string("1 1 1 1"), counts());
    }

    void tenThousandStartsAreAllRecorded() {
        constexpr int kStarts = 10'000;
        StoreBatch batch;
        for (int i = 0; i < kStarts; ++i) add(batch, "j" + std::to_string(i));

        const auto answers = _store->write(batch);
        _store->write(endOf(batch));

        CPPUNIT_ASSERT_EQUAL(std::size_t{kStarts}, answers.size());
        CPPUNIT_ASSERT_EQUAL(std::string("10000 10000 10000 10000"), counts());
        CPPUNIT_ASSERT_EQUAL(kStarts, count("job_state WHERE run IS NULL AND fence = 1"));
        CPPUNIT_ASSERT_EQUAL(kStarts, count("slot s JOIN run r ON r.id = s.run AND r.job = s.job AND r.outcome = 1"));
        CPPUNIT_ASSERT_EQUAL(
            kStarts, count("job_schedule WHERE next_at > " + std::to_string(_clock.now().time_since_epoch().count())));
    }

private:
    ClaimRequest requestOf(const std::string& job, const std::string& host) const {
        auto ask = request("foreign", host);
        ask.job = job;
        ask.recordSlot = false;
        return ask;
    }

    /// The job's slot is now, and the next one in a minute.
    void add(StoreBatch& batch, const std::string& job, const std::string& run = "run") const {
        const RunIdentity identity{job, run + '-' + job, Trigger::Schedule, "here", 1, 1, _clock.now(), _clock.now()};
        batch.rows.push_back({job, 1, _clock.now(), false, false, {}});
        batch.starts.push_back({identity, true});
        batch.slots.push_back({job, _clock.now(), SlotEnding::Ran, {}, identity.run, Trigger::Schedule, {}});
        batch.moves.push_back({job, _clock.now(), _clock.now() + 1min});
    }
    StoreBatch startOf(const std::string& job, const std::string& run = "run") const {
        StoreBatch batch;
        add(batch, job, run);
        return batch;
    }
    StoreBatch endOf(const StoreBatch& starts) const {
        StoreBatch batch;
        for (const auto& start : starts.starts) batch.ends.push_back({start.identity, ending(), true});
        return batch;
    }

    TimePoint nextOf(const std::string& job) const {
        TimePoint next{};
        _store->readSchedules([&](const auto& row) {
            if (row.job == job) next = row.next.value_or(TimePoint{});
        });
        return next;
    }

    /// Behind the store's back.
    void change(const std::string& statement) const {
        auto session = openFile();
        execute(session, statement);
    }
    int count(const std::string& what) const {
        auto session = openFile();
        int rows = 0;
        session << "SELECT COUNT(*) FROM " + what, Poco::Data::Keywords::into(rows), Poco::Data::Keywords::now;
        return rows;
    }
    /// Locks, runs, slots, schedules.
    std::string counts() const {
        return std::to_string(count("job_state")) + ' ' + std::to_string(count("run")) + ' ' +
               std::to_string(count("slot")) + ' ' + std::to_string(count("job_schedule"));
    }

    std::unique_ptr<ScheduleStore> _store{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ScheduleStoreTest);
