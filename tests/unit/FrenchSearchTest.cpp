#include "RunStoreFixture.h"
#include "runner/RunReporter.h"
#include "store/StoreFile.h"
#include "words/HostTexts.h"

#include "Poco/Data/SQLite/Utility.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace carillon;
using namespace std::chrono_literals;

/// Whoever reads French finds runs and slots by what she reads, and others by what they read.
class FrenchSearchTest : public RunStoreFixture {
    CPPUNIT_TEST_SUITE(FrenchSearchTest);
    CPPUNIT_TEST(runsAreFoundInBothLanguages);
    CPPUNIT_TEST(runsAreFoundByTheCodeOfTheirMessage);
    CPPUNIT_TEST(nothingIsKeptThatIsNotOtherInFrench);
    CPPUNIT_TEST(textsAreReadOnceUntilTheyMayHaveChanged);
    CPPUNIT_TEST(slotsAreFoundInBothLanguages);
    CPPUNIT_TEST(failuresAndSkipsAreSearchedWithoutReadingTheirRows);
    CPPUNIT_TEST(slotsThatRanEndNoSearchForAReason);
    CPPUNIT_TEST(ofOneJobHalfAsManyRowsAreLookedAt);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        std::filesystem::create_directories(plugins());
        std::filesystem::permissions(plugins(), std::filesystem::perms(0755));
        writeTexts("done.one = {#n} pomme cueillie\ndone.many = {#n} pommes cueillies à l’été, sans œuvrer\n");
    }

    void runsAreFoundInBothLanguages() {
        run("picked", done("1234 apples picked", 1234));
        run("plain", "5 applied, l'été");

        for (const char* word : {"1234 apples", "APPLES", "pommes", "Pommes Cueillies", "1\u202f234 pommes",
                                 "cueillies a l’ete", "a l'été", "1 234 pommes", "œuvrer", "OEUVRER"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(word, std::string("picked"), found(word));
        CPPUNIT_ASSERT_EQUAL(std::string("plain"), found("5 APPLIED"));
        CPPUNIT_ASSERT_EQUAL(std::string(), found("poires"));
    }

    void runsAreFoundByTheCodeOfTheirMessage() {
        RunReport report =
            RunReport::failed(sayHost("run.stopped", {{"by", "anna"}, {"message", done("2 apples", 2)}}));
        report.warn(sayHost("run.noreport"));
        run("stopped", report);

        CPPUNIT_ASSERT_EQUAL(std::string("stopped"), found("host.run.stopped"));
        CPPUNIT_ASSERT_EQUAL(std::string("stopped"), found("Apples.done"));
        CPPUNIT_ASSERT_EQUAL(std::string("stopped"), found("apples.DONE"));
        CPPUNIT_ASSERT_EQUAL(std::string("stopped"), found("arrêt demandé par anna"));
        for (const char* word : {"Apples.don", "host.run", "run.stopped", "host.run.noreport"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(word, std::string(), found(word));
    }

    void nothingIsKeptThatIsNotOtherInFrench() {
        CPPUNIT_ASSERT_EQUAL(std::string(), endingOf("5 applied").french);
        CPPUNIT_ASSERT_EQUAL(std::string(), endingOf(done("12 POMMES cueillies a l’ete, sans oeuvrer", 12)).french);
        Message unknown = say("Apples.other");
        unknown.text = "something else";
        CPPUNIT_ASSERT_EQUAL(std::string(), endingOf(unknown).french);
        run("plain", "5 applied");
        auto session = openFile();
        int kept = 1;
        session << "SELECT COUNT(*) FROM run WHERE french IS NOT NULL", Poco::Data::Keywords::into(kept),
            Poco::Data::Keywords::now;
        CPPUNIT_ASSERT_EQUAL(0, kept);
    }

    void textsAreReadOnceUntilTheyMayHaveChanged() {
        CPPUNIT_ASSERT_EQUAL(std::string("1 pomme cueillie"), endingOf(done("1 apple", 1)).french);
        writeTexts("done.one = {n} fruit\ndone.many = {n} fruits\n");
        CPPUNIT_ASSERT_EQUAL(std::string("1 pomme cueillie"), endingOf(done("1 apple", 1)).french);

        _french.forget();

        CPPUNIT_ASSERT_EQUAL(std::string("1 fruit"), endingOf(done("1 apple", 1)).french);
    }

    void slotsAreFoundInBothLanguages() {
        slot(1, "overlap");
        slot(2, "paused by anna: travaux d’Été");
        slot(3, "day off: weekend");
        slot(4, "what a later version says");

        for (const char* word : {"overlap", "Une exécution", "ETAIT EN COURS"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(word, std::string("1 "), slotsWith(word));
        for (const char* word : {"paused", "mise en pause par Anna", "pause par anna : travaux d’ete"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(word, std::string("2 "), slotsWith(word));
        for (const char* word : {"weekend", "Fin de semaine", "jour non travaillé"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(word, std::string("3 "), slotsWith(word));
        CPPUNIT_ASSERT_EQUAL(std::string("4 "), slotsWith("later version"));
        CPPUNIT_ASSERT_EQUAL(std::string(), slotsWith("nulle part"));
    }

    /// Each row has a page of the file for itself.
    void failuresAndSkipsAreSearchedWithoutReadingTheirRows() {
        constexpr int kRows = 2'000;
        StoreFile file(folder(), _clock, 1s);
        RunQuery runs{"", 5};
        runs.outcome = Outcome::Failed;
        runs.text = "nowhere";
        SlotQuery slots{"", 5};
        slots.text = "nowhere";
        file.with([&](auto& session) {
            fill(session, kRows);
            // A connection that has nothing in memory yet.
            StoreFile fresh(folder(), _clock, 1s);
            fresh.with([&](auto& reader) {
                const int before = pagesRead(reader);
                CPPUNIT_ASSERT(searchRuns(reader, runs).rows.empty());
                CPPUNIT_ASSERT(pagesRead(reader) - before < kRows / 10);
                const int between = pagesRead(reader);
                CPPUNIT_ASSERT(searchSlots(reader, slots).rows.empty());
                CPPUNIT_ASSERT(pagesRead(reader) - between < kRows / 10);
                // The rows are as far apart as the test means.
                runs.text.clear();
                runs.limit = kRows;
                const int last = pagesRead(reader);
                CPPUNIT_ASSERT_EQUAL(std::size_t{kRows}, searchRuns(reader, runs).rows.size());
                CPPUNIT_ASSERT(pagesRead(reader) - last >= kRows);
            });
        });
    }

    void slotsThatRanEndNoSearchForAReason() {
        slot(1, "overlap");
        RunStore store(folder(), _clock);
        auto session = openFile();
        execute(session,
                "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO slot "
                "SELECT 'sync', i * 1000000, 'ran', '', '', 'schedule', i FROM n");
        SlotQuery query{"", 5};
        query.text = "en cours";
        query.mostLookedAt = 20;

        const auto found = store.search(query);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.rows.size());
        CPPUNIT_ASSERT(!found.lookedBackTo);
    }

    void ofOneJobHalfAsManyRowsAreLookedAt() {
        StoreFile file(folder(), _clock, 1s);
        file.with([&](auto& session) {
            fill(session, 100);
            RunQuery query{"sync", 5};
            query.text = "nowhere";
            query.mostLookedAt = 40;
            const auto ofOne = searchRuns(session, query);
            query.job.clear();
            const auto ofAll = searchRuns(session, query);

            CPPUNIT_ASSERT(ofOne.lookedBackTo && ofAll.lookedBackTo);
            CPPUNIT_ASSERT_EQUAL(21, runsSince(session, *ofOne.lookedBackTo));
            CPPUNIT_ASSERT_EQUAL(41, runsSince(session, *ofAll.lookedBackTo));
        });
    }

private:
    std::string plugins() const { return folder() + "/plugins"; }
    void writeTexts(const std::string& texts) const { std::ofstream(plugins() + "/Apples.fr.properties") << texts; }

    static Message done(const std::string& text, int n) {
        Message message = say("Apples.done", {{"n", n}});
        message.text = text;
        return message;
    }
    RunEnding endingOf(const RunReport& report) {
        RunResult result;
        result.report = report;
        result.finishedAt = _clock.now();
        return carillon::endingOf(result, _french, plugins());
    }
    RunEnding endingOf(const Message& message) { return endingOf(RunReport::failed(message)); }
    void run(const std::string& id, const Message& message) { run(id, RunReport::failed(message)); }
    void run(const std::string& id, const RunReport& report) {
        RunStore store(folder(), _clock);
        const auto claim = std::get<Claim>(store.claim(request(id)));
        CPPUNIT_ASSERT(store.finish(claim.identity, endingOf(report)));
        _clock.advance(1s);
    }
    std::string found(const std::string& text) {
        RunStore store(folder(), _clock);
        RunQuery query{"sync", 10};
        query.text = text;
        std::string ids;
        for (const auto& one : store.history(query)) ids += one.id;
        query.job.clear();
        query.outcome = Outcome::Failed;
        std::string ofAll;
        for (const auto& one : store.history(query)) ofAll += one.id;
        CPPUNIT_ASSERT_EQUAL(ids, ofAll);
        return ids;
    }

    void slot(int second, const std::string& reason) {
        RunStore store(folder(), _clock);
        auto session = openFile();
        insertSlots(session,
                    {{"sync",
                      TimePoint(std::chrono::seconds(second)),
                      SlotEnding::Skipped,
                      slotReasonOf(reason),
                      "",
                      Trigger::Schedule,
                      {}}},
                    _clock.now());
    }
    std::string slotsWith(const std::string& text) {
        RunStore store(folder(), _clock);
        SlotQuery query{"sync", 10};
        query.text = text;
        std::string times;
        for (const auto& one : store.ledger(query)) times += std::to_string(one.slotAt.time_since_epoch() / 1s) + ' ';
        return times;
    }

    /// Failed runs, and skipped slots, each of a page.
    static void fill(Poco::Data::Session& session, int rows) {
        const std::string each =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(rows) + ") ";
        execute(session, each +
                             "INSERT INTO run SELECT 'r' || i, 'sync', 'schedule', 1, 'here', i, i, i, i + 1, 2, "
                             "'it failed', hex(zeroblob(1800)), NULL FROM n");
        execute(session, each +
                             "INSERT INTO slot SELECT 'sync', i, 'skipped', 'overlap', hex(zeroblob(1800)), "
                             "'schedule', i FROM n");
    }
    static int pagesRead(Poco::Data::Session& session) {
        int count = 0;
        int most = 0;
        ::sqlite3_db_status(Poco::Data::SQLite::Utility::dbHandle(session), SQLITE_DBSTATUS_CACHE_MISS, &count, &most,
                            0);
        return count;
    }
    static int runsSince(Poco::Data::Session& session, TimePoint at) {
        int count = 0;
        session << "SELECT COUNT(*) FROM run WHERE started_at >= " + std::to_string(toMicros(at)),
            Poco::Data::Keywords::into(count), Poco::Data::Keywords::now;
        return count;
    }

    FrenchTexts _french{};
};
CPPUNIT_TEST_SUITE_REGISTRATION(FrenchSearchTest);
