#include "RunStoreFixture.h"
#include "logs/LogKeeping.h"
#include "serve/HistoryDesk.h"
#include "store/Retention.h"
#include "support/WaitUntil.h"

#include "Poco/Logger.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>

using namespace carillon;
using namespace std::chrono_literals;

/// How long runs, slots and logs stay.
class RetentionTest : public RunStoreFixture {
    CPPUNIT_TEST_SUITE(RetentionTest);
    CPPUNIT_TEST(withoutAnAgeTheNewestRunsStay);
    CPPUNIT_TEST(withAnAgeAllThatIsYoungerStays);
    CPPUNIT_TEST(theNewestRunsStayHoweverOld);
    CPPUNIT_TEST(theLastSuccessAndWhatGoesOnStay);
    CPPUNIT_TEST(theLedgerHasAnAgeOfItsOwn);
    CPPUNIT_TEST(portionsAreBounded);
    CPPUNIT_TEST(everyHundredthRunWithoutAHostKeepsToTheAge);
    CPPUNIT_TEST(oldRotatedLogsGo);
    CPPUNIT_TEST(deskDeletesAndTellsWhatThereIs);
    CPPUNIT_TEST(deskTakesAnotherKeepingOver);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _store = std::make_unique<RunStore>(folder(), _clock); }
    void tearDown() override { _store.reset(); }

    void withoutAnAgeTheNewestRunsStay() {
        add("sync", 120, 24h, 0);
        add("other", 5, 24h, 0);

        trim({{}, {}, 100});

        CPPUNIT_ASSERT_EQUAL(std::size_t{100}, runs("sync"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{100}, slots("sync"));  // as far back as the runs
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, runs("other"));
        CPPUNIT_ASSERT_EQUAL(std::string("sync100"), _store->history("sync", 1'000).back().id);
    }

    void withAnAgeAllThatIsYoungerStays() {
        add("sync", 120, 24h, 0);  // the oldest began 120 days ago

        trim({90 * 24h, {}, 10});  // the number is of no account then

        CPPUNIT_ASSERT_EQUAL(std::size_t{90}, runs("sync"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{90}, slots("sync"));
    }

    void theNewestRunsStayHoweverOld() {
        add("yearly", 60, 365 * 24h, 0);

        trim({90 * 24h, {}});

        CPPUNIT_ASSERT_EQUAL(static_cast<std::size_t>(kSparedRuns), runs("yearly"));
    }

    void theLastSuccessAndWhatGoesOnStay() {
        add("sync", 200, 24h, 2);
        sql("UPDATE run SET outcome = 0 WHERE id = 'sync180'");
        sql("UPDATE run SET outcome = 0, trigger_name = 'replay' WHERE id = 'sync170'");
        sql("UPDATE run SET outcome = NULL, finished_at = NULL WHERE id = 'sync160'");

        trim({90 * 24h, {}});

        std::set<std::string> old;
        for (const auto& run : _store->history("sync", 1'000))
            if (run.startedAt < _clock.now() - 90 * 24h) old.insert(run.id);
        CPPUNIT_ASSERT(old == (std::set<std::string>{"sync160", "sync170", "sync180"}));
        CPPUNIT_ASSERT(_store->standings().at(0).succeededAt > TimePoint{});
    }

    void theLedgerHasAnAgeOfItsOwn() {
        add("sync", 120, 24h, 0);
        trim({{}, 30 * 24h, 100});
        CPPUNIT_ASSERT_EQUAL(std::size_t{100}, runs("sync"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{30}, slots("sync"));

        add("late", 120, 24h, 0);
        trim({30 * 24h, 100 * 24h});
        CPPUNIT_ASSERT_EQUAL(std::size_t{50}, runs("late"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{100}, slots("late"));
    }

    void portionsAreBounded() {
        add("sync", 120, 24h, 0);
        const auto outdated = _store->outdated("sync", {{}, {}, 50});
        CPPUNIT_ASSERT(outdated);
        _store->remove(*outdated, 30);

        CPPUNIT_ASSERT_EQUAL(std::size_t{90}, runs("sync"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{90}, slots("sync"));
        CPPUNIT_ASSERT_EQUAL(std::string("sync90"), _store->history("sync", 1'000).back().id);  // the oldest first
    }

    void everyHundredthRunWithoutAHostKeepsToTheAge() {
        add("sync", 120, 24h, 0);
        sql("INSERT INTO job_state (job, fence) VALUES ('sync', 99)");
        const auto claim = std::get<Claim>(_store->claim(request("b")));

        _store->finish(claim.identity, ending(), {60 * 24h, {}});

        CPPUNIT_ASSERT_EQUAL(std::size_t{61}, runs("sync"));
    }

    void oldRotatedLogsGo() {
        for (const char* name : {"a.log", "a.log.0", "a.log.1.gz", "b.log.0", "notes.txt", "users.json", ".log.0"})
            write(name, name[0] == 'b' ? 1h : 100 * 24h);
        std::filesystem::create_directory(path("c.log.0"));

        removeOldLogs(folder(), SystemClock().now() - 90 * 24h);

        for (const char* name : {"a.log", "b.log.0", "notes.txt", "users.json", ".log.0", "c.log.0"})
            CPPUNIT_ASSERT_MESSAGE(name, std::filesystem::exists(path(name)));
        CPPUNIT_ASSERT(!std::filesystem::exists(path("a.log.0")) && !std::filesystem::exists(path("a.log.1.gz")));
        const auto extent = readLogExtent(folder());
        CPPUNIT_ASSERT_EQUAL(std::uintmax_t{10}, extent.bytes);
        CPPUNIT_ASSERT(extent.since && *extent.since < SystemClock().now() - 99 * 24h);
        CPPUNIT_ASSERT(!readLogExtent(folder() + "/none").since);
    }

    void deskDeletesAndTellsWhatThereIs() {
        add("sync", 1'000, 1h, 0);
        write("a.log", 1h);
        HistoryDesk desk(folder(), folder(), {{20 * 24h, {}}, 90 * 24h}, _clock, Poco::Logger::get("keeping"));
        CPPUNIT_ASSERT(!desk.kept());
        desk.start();

        CPPUNIT_ASSERT(waitUntil([&] { return desk.kept() && desk.kept()->history.count == 480; }, 20s));
        const auto kept = *desk.kept();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{480}, kept.ledger.count);
        CPPUNIT_ASSERT_EQUAL(std::string("20d"), kept.ledger.keep);
        CPPUNIT_ASSERT(kept.history.since == _clock.now() - 20 * 24h);
        CPPUNIT_ASSERT_EQUAL(std::string("90d"), kept.logs.keep);
        CPPUNIT_ASSERT(kept.logs.count > 0);
    }

    void deskTakesAnotherKeepingOver() {
        add("sync", 300, 24h, 0);
        HistoryDesk desk(folder(), folder(), {}, _clock, Poco::Logger::get("keeping"));
        desk.start();
        CPPUNIT_ASSERT(waitUntil([&] { return desk.kept().has_value(); }, 20s));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.kept()->history.keep);

        desk.keep({{100 * 24h, {}}, {}});

        CPPUNIT_ASSERT(waitUntil([&] { return desk.kept()->history.count == 100; }, 20s));
    }

private:
    /// Runs with a slot each, named from the newest, 1, on; the newest began one `apart` ago.
    void add(const std::string& job, int count, std::chrono::microseconds apart, int outcome) {
        const std::string at =
            std::to_string(_clock.now().time_since_epoch().count()) + " - i * " + std::to_string(apart.count());
        sql("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(count) +
            ") INSERT INTO run SELECT '" + job + "' || i, '" + job + "', 'schedule', 1, 'here', " +
            std::to_string(count) + " - i, " + at + ", " + at + ", " + at + " + 5, " + std::to_string(outcome) +
            ", '', '{}', NULL FROM n ORDER BY i DESC");
        sql("INSERT INTO slot SELECT job, scheduled_at, 'ran', '', id, 'schedule', started_at FROM run WHERE job = '" +
            job + "'");
    }
    void trim(const HistoryKeeping& keeping) {
        for (const auto& job : _store->recordedJobs())
            while (const auto outdated = _store->outdated(job, keeping)) _store->remove(*outdated, 7);
    }
    std::size_t runs(const std::string& job) const { return _store->history(job, 10'000).size(); }
    std::size_t slots(const std::string& job) const { return _store->ledger(job, 10'000).size(); }

    std::filesystem::path path(const std::string& name) const { return std::filesystem::path(folder()) / name; }
    /// Five bytes, written that long ago.
    void write(const std::string& name, std::chrono::seconds ago) const {
        std::ofstream(path(name)) << "line\n";
        std::filesystem::last_write_time(path(name), std::filesystem::file_time_type::clock::now() - ago);
    }
    void sql(const std::string& statement) const {
        auto session = openFile();
        execute(session, statement);
    }

    std::unique_ptr<RunStore> _store{};
};
CPPUNIT_TEST_SUITE_REGISTRATION(RetentionTest);
