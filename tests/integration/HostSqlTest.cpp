#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "carillon/data/Migrations.h"
#include "store/ActivityTable.h"
#include "store/Claims.h"
#include "store/JobScheduleTable.h"
#include "store/Retention.h"
#include "store/RunTable.h"
#include "store/SlotTable.h"
#include "store/StoreBatch.h"
#include "support/Database.h"

using namespace carillon;
using namespace std::chrono_literals;

/// The host's tables and statements say the same to MySQL or MariaDB as to SQLite.
class HostSqlTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HostSqlTest);
    CPPUNIT_TEST(runIsClaimedHeldAndFinishedInSqlite);
    CPPUNIT_TEST(runIsClaimedHeldAndFinishedInMySql);
    CPPUNIT_TEST(batchIsWrittenOnceInSqlite);
    CPPUNIT_TEST(batchIsWrittenOnceInMySql);
    CPPUNIT_TEST(historyIsTrimmedInSqlite);
    CPPUNIT_TEST(historyIsTrimmedInMySql);
    CPPUNIT_TEST(tablesRefuseWhatCannotBeInSqlite);
    CPPUNIT_TEST(tablesRefuseWhatCannotBeInMySql);
    CPPUNIT_TEST(pausesAndActsAreKeptInSqlite);
    CPPUNIT_TEST(pausesAndActsAreKeptInMySql);
    CPPUNIT_TEST_SUITE_END();

public:
    void tearDown() override { _database.reset(); }

    void runIsClaimedHeldAndFinishedInSqlite() { runIsClaimedHeldAndFinished(TestDatabase::Kind::Sqlite); }
    void runIsClaimedHeldAndFinishedInMySql() { runIsClaimedHeldAndFinished(TestDatabase::Kind::MySql); }
    void batchIsWrittenOnceInSqlite() { batchIsWrittenOnce(TestDatabase::Kind::Sqlite); }
    void batchIsWrittenOnceInMySql() { batchIsWrittenOnce(TestDatabase::Kind::MySql); }
    void historyIsTrimmedInSqlite() { historyIsTrimmed(TestDatabase::Kind::Sqlite); }
    void historyIsTrimmedInMySql() { historyIsTrimmed(TestDatabase::Kind::MySql); }
    void tablesRefuseWhatCannotBeInSqlite() { tablesRefuseWhatCannotBe(TestDatabase::Kind::Sqlite); }
    void tablesRefuseWhatCannotBeInMySql() { tablesRefuseWhatCannotBe(TestDatabase::Kind::MySql); }
    void pausesAndActsAreKeptInSqlite() { pausesAndActsAreKept(TestDatabase::Kind::Sqlite); }
    void pausesAndActsAreKeptInMySql() { pausesAndActsAreKept(TestDatabase::Kind::MySql); }

private:
    void runIsClaimedHeldAndFinished(TestDatabase::Kind kind) {
        make(kind);
        const auto claim = std::get<Claim>(claimRun(session(), request("sync", "first"), _now));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, claim.identity.fence);

        const auto holder = std::get<Holder>(claimRun(session(), request("sync", "second"), _now + 1s));
        CPPUNIT_ASSERT_EQUAL(std::string("first"), holder.run);
        CPPUNIT_ASSERT(holder.since == _now);
        // Names that differ in case only are two jobs.
        CPPUNIT_ASSERT(std::holds_alternative<Claim>(claimRun(session(), request("Sync", "other"), _now)));
        RunEnding done = ending("fini à l'été 🎈");
        done.french = "fini a l'ete";
        CPPUNIT_ASSERT(finishRun(session(), {claim.identity, done}));
        CPPUNIT_ASSERT(!finishRun(session(), {claim.identity, ending("again")}));

        const auto run = readRun(session(), "first");
        CPPUNIT_ASSERT(run && run->outcome == Outcome::Succeeded && run->finishedAt == _now + 2s);
        CPPUNIT_ASSERT_EQUAL(std::string("fini à l'été 🎈"), run->message);
        CPPUNIT_ASSERT_EQUAL(1LL, _database->count("SELECT COUNT(*) FROM run WHERE french = 'fini a l''ete'"));
        const auto next = std::get<Claim>(claimRun(session(), request("sync", "third"), _now + 3s));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, next.identity.fence);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, readRuns(session(), "sync", 10).size());
        const auto slots = readSlots(session(), "sync", 10);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, slots.size());
        CPPUNIT_ASSERT(slots.at(1).ending == SlotEnding::Skipped);
        const auto ends = readSlotEnds(session(), "sync", TimePoint{});
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, ends.size());
        CPPUNIT_ASSERT(ends.at(0).slotAt == slots.at(2).slotAt && ends.at(0).outcome == Outcome::Succeeded);
        CPPUNIT_ASSERT(!ends.at(2).outcome);
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, readSlotEnds(session(), TimePoint{}).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, readRuns(session(), _now + 3s).size());
    }

    void batchIsWrittenOnce(TestDatabase::Kind kind) {
        make(kind);
        const StoreBatch batch = batchOf({"a", "b"});

        const auto answers = writeOneByOne(session(), batch, _now);
        const auto again = writeOneByOne(session(), batch, _now);

        for (const auto& answer : answers) CPPUNIT_ASSERT(std::holds_alternative<Claim>(answer));
        for (const auto& answer : again) CPPUNIT_ASSERT(std::holds_alternative<SlotTaken>(answer));
        for (const auto* table : {"job_state", "run", "slot", "job_schedule"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(table, 2LL, _database->count("SELECT COUNT(*) FROM " + std::string(table)));

        StoreBatch ends;
        for (const auto& start : batch.starts) ends.ends.push_back({start.identity, ending("done"), true});
        writeOneByOne(session(), ends, _now);
        CPPUNIT_ASSERT_EQUAL(0LL, _database->count("SELECT COUNT(*) FROM job_state WHERE run IS NOT NULL"));
        CPPUNIT_ASSERT_EQUAL(2LL, _database->count("SELECT COUNT(*) FROM run WHERE outcome = 0"));
    }

    void historyIsTrimmed(TestDatabase::Kind kind) {
        make(kind);
        for (int i = 0; i < 5; ++i) {
            _now += 1min;
            const auto claim = std::get<Claim>(claimRun(session(), request("a", "run" + std::to_string(i)), _now));
            finishRun(session(), {claim.identity, ending("done")});
        }

        const HistoryKeeping keeping{{}, {}, 2};
        while (const auto outdated = readOutdated(session(), "a", keeping, _now))
            CPPUNIT_ASSERT(deleteOutdated(session(), *outdated, 1) > 0);

        CPPUNIT_ASSERT_EQUAL(2LL, _database->count("SELECT COUNT(*) FROM run"));
        CPPUNIT_ASSERT_EQUAL(2LL, _database->count("SELECT COUNT(*) FROM slot"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, readExtentOfRuns(session()).rows);
    }

    void tablesRefuseWhatCannotBe(TestDatabase::Kind kind) {
        make(kind);
        const std::string slot = "INSERT INTO slot (job, slot_at, ending, reason, trigger_name, recorded_at) VALUES ";
        _database->execute(slot + "('a', 1, 'ran', '', 'schedule', 1)");

        CPPUNIT_ASSERT_THROW(_database->execute(slot + "('a', 1, 'missed', '', 'schedule', 1)"), Poco::Exception);
        CPPUNIT_ASSERT_THROW(_database->execute(slot + "('a', 2, 'lost', '', 'schedule', 1)"), Poco::Exception);
        CPPUNIT_ASSERT_THROW(_database->execute("INSERT INTO job_state (job, fence, run) VALUES ('a', 1, 'r')"),
                             Poco::Exception);
        CPPUNIT_ASSERT_THROW(
            _database->execute("INSERT INTO job_schedule (job, plan, paused, busy, retry_at) VALUES ('a', 1, 0, 0, 1)"),
            Poco::Exception);
    }

    void pausesAndActsAreKept(TestDatabase::Kind kind) {
        make(kind);
        ScheduleRow row{"sync", 1, _now, true, false, {}, {"anna", _now, _now + 1h, "fini à l'été 🎈"}};
        replaceSchedules(session(), {row});
        replaceSchedules(session(), {row});
        CPPUNIT_ASSERT(readSchedules(session(), "", 10).at(0).pause == row.pause);
        CPPUNIT_ASSERT(readPauses(session()).at("sync") == row.pause);
        row.paused = false;
        replaceSchedules(session(), {row});
        CPPUNIT_ASSERT(readPauses(session()).empty());
        CPPUNIT_ASSERT_EQUAL(0LL, _database->count("SELECT COUNT(*) FROM job_pause"));

        Activity act;
        act.actor = {ActorKind::Nobody, "", "", ActVia::Page, "203.0.113.9"};
        act.what = Act::SignIn;
        act.outcome = ActOutcome::Refused;
        act.at = act.lastAt = _now;
        insertActivity(session(), act);
        insertActivity(session(), act);
        act.at = act.lastAt = _now + 2min;
        const auto last = insertActivity(session(), act);
        const auto rows = readActivity(session(), {});
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rows.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, rows.at(1).times);
        CPPUNIT_ASSERT_EQUAL(last, rows.at(0).id);
        trimActivity(session(), {24h, 100, 100, 1}, _now + 3min);
        CPPUNIT_ASSERT_EQUAL(last, readActivity(session(), {}).at(0).id);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, readActivity(session(), {}).size());
    }

    struct SchemaFile {
        std::string name{};
        std::string text{};
    };

    /// Every file twice, since its statements may be repeated.
    void make(TestDatabase::Kind kind) {
        _database = std::make_unique<TestDatabase>(kind);
        const std::string dialect = kind == TestDatabase::Kind::MySql ? "mysql" : "sqlite";
        std::set<std::filesystem::path> paths;
        for (const auto& file : std::filesystem::directory_iterator(CARILLON_SCHEMAS_DIR "/host/" + dialect))
            paths.insert(file.path());
        CPPUNIT_ASSERT_EQUAL(std::size_t{kind == TestDatabase::Kind::MySql ? 6U : 9U}, paths.size());
        std::vector<SchemaFile> files;
        for (const auto& path : paths) {
            std::ifstream in(path);
            files.push_back({path.filename().string(), {std::istreambuf_iterator<char>(in), {}}});
        }
        const Migrations migrations(files, "host_migration");
        migrations.apply(session(), SystemClock());
        _database->execute("DELETE FROM host_migration");
        migrations.apply(session(), SystemClock());
    }
    Poco::Data::Session& session() { return _database->session(); }

    ClaimRequest request(const std::string& job, const std::string& run) const {
        return {job, run, Trigger::Cli, "here", 1, _now};
    }
    RunEnding ending(const std::string& message) const { return {Outcome::Succeeded, message, "{}", _now + 2s}; }

    StoreBatch batchOf(const std::vector<std::string>& jobs) const {
        StoreBatch batch;
        for (const auto& job : jobs) {
            const RunIdentity run{job, "run-" + job, Trigger::Schedule, "here", 1, 1, _now, _now};
            batch.rows.push_back({job, 1, _now, false, false, Retry{_now, _now, 2, Trigger::Schedule}});
            batch.starts.push_back({run, true});
            batch.slots.push_back({job, _now, SlotEnding::Ran, {}, run.run, Trigger::Schedule, {}});
            batch.moves.push_back({job, _now, _now + 1min});
        }
        return batch;
    }

    TimePoint _now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
    std::unique_ptr<TestDatabase> _database{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(HostSqlTest);
