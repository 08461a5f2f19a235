#include "pages/LogLines.h"
#include "schedule/LocalTime.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "Poco/TemporaryFile.h"

using namespace carillon;
using namespace std::chrono_literals;

class LogLinesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LogLinesTest);
    CPPUNIT_TEST(linesAreTakenApart);
    CPPUNIT_TEST(otherLinesStayWhole);
    CPPUNIT_TEST(levelMeansThatOneAndWorse);
    CPPUNIT_TEST(lastOnesThatMatchAreFoundHoweverFarBack);
    CPPUNIT_TEST(noMoreOfALongLogIsLookedAt);
    CPPUNIT_TEST(linesOfARunAreFoundAmongOthers);
    CPPUNIT_TEST(severalLogsAreMergedByTime);
    CPPUNIT_TEST(linesAreTakenByTimeAndRun);
    CPPUNIT_TEST_SUITE_END();

public:
    void linesAreTakenApart() {
        const auto entry = parseLogEntry("sync", "2026-11-22T10:32:23.123Z warning r1 batch.applied items=500");

        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-22T10:32:23.123Z"), entry.time);
        CPPUNIT_ASSERT_EQUAL(std::string("warning"), entry.level);
        CPPUNIT_ASSERT_EQUAL(std::string("r1"), entry.run);
        CPPUNIT_ASSERT_EQUAL(std::string("batch.applied items=500"), entry.text);
    }

    void otherLinesStayWhole() {
        for (const char* line : {"", "one two three four", "2026-11-22T10:32:23.123Z loud r1 text"}) {
            const auto entry = parseLogEntry("sync", line);
            CPPUNIT_ASSERT_EQUAL(std::string(line), entry.text);
            CPPUNIT_ASSERT_EQUAL(std::string(), entry.time);
        }
    }

    void linesAreTakenByTimeAndRun() {
        LogQuery query;
        query.since = *parseRfc3339("2026-11-22T10:00:00Z");
        query.until = *parseRfc3339("2026-11-22T11:00:00Z");
        LogFilter filter(query);
        const auto takes = [&filter](const std::string& line) { return filter.takes(parseLogEntry("sync", line)); };
        CPPUNIT_ASSERT(!takes("of another form"));  // nobody knows its time
        CPPUNIT_ASSERT(!takes("2026-11-22T09:59:59.999Z notice r1 x"));
        CPPUNIT_ASSERT(!takes("of another form"));
        CPPUNIT_ASSERT(takes("2026-11-22T10:00:00.000Z notice r1 x"));
        CPPUNIT_ASSERT(takes("of another form"));
        CPPUNIT_ASSERT(takes("2026-11-22T10:59:59.999Z notice r2 x"));
        CPPUNIT_ASSERT(!takes("2026-11-22T11:00:00.000Z notice r2 x"));

        query = {};
        query.run = "r1";
        CPPUNIT_ASSERT(carillon::takes(query, parseLogEntry("sync", "2026-11-22T11:00:00.000Z notice r1 x")));
        CPPUNIT_ASSERT(!carillon::takes(query, parseLogEntry("sync", "2026-11-22T11:00:00.000Z notice r11 x")));
        CPPUNIT_ASSERT(carillon::takes({"", "ete", 10}, parseLogEntry("sync", "l'Été")));
    }

    void levelMeansThatOneAndWorse() {
        const LogQuery query{"warning", "", 10};
        CPPUNIT_ASSERT(takes(query, parseLogEntry("sync", "2026-11-22T10:32:23.123Z error r1 x")));
        CPPUNIT_ASSERT(takes(query, parseLogEntry("sync", "2026-11-22T10:32:23.123Z warning r1 x")));
        CPPUNIT_ASSERT(!takes(query, parseLogEntry("sync", "2026-11-22T10:32:23.123Z notice r1 x")));
        CPPUNIT_ASSERT(takes(query, parseLogEntry("sync", "of another form")));
        CPPUNIT_ASSERT(takes({"", "ÉTÉ", 10}, parseLogEntry("sync", "l'été")));
        CPPUNIT_ASSERT(!takes({"", "hiver", 10}, parseLogEntry("sync", "l'été")));
    }

    void lastOnesThatMatchAreFoundHoweverFarBack() {
        write("r1", 1, "error");
        write("r2", 9'000, "information");

        const auto found = lastLogEntries("sync", path(), {"error", "", 5});

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.entries.size());
        CPPUNIT_ASSERT_EQUAL(std::string("r1"), found.entries.front().run);
        CPPUNIT_ASSERT(!found.isCut);
        const auto all = lastLogEntries("sync", path(), {"", "", 7});
        CPPUNIT_ASSERT_EQUAL(std::size_t{7}, all.entries.size());
        CPPUNIT_ASSERT_EQUAL(std::string("line 8999"), all.entries.back().text);
        CPPUNIT_ASSERT(!all.isCut);
    }

    void noMoreOfALongLogIsLookedAt() {
        write("r1", 1, "error");
        write("r2", 200'000, "information");
        RunRow run;
        run.id = "r1";
        run.startedAt = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

        const auto found = lastLogEntries("sync", path(), {"error", "", 5});
        CPPUNIT_ASSERT(found.entries.empty() && found.isCut);
        const auto lines = logEntriesOf(run, path(), 20);
        CPPUNIT_ASSERT(lines.entries.empty() && lines.isCut);
        // Enough of it is enough.
        const auto enough = lastLogEntries("sync", path(), {"", "", 500}, 100'000);
        CPPUNIT_ASSERT(enough.entries.size() == 500 && !enough.isCut);
        const auto few = lastLogEntries("sync", path(), {"", "", 500}, 5'000);
        CPPUNIT_ASSERT(!few.entries.empty() && few.entries.size() < 500 && few.isCut);
    }

    void linesOfARunAreFoundAmongOthers() {
        write("r1", 30, "information");
        write("r2", 5'000, "information");
        RunRow run;
        run.id = "r1";
        run.startedAt = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

        const auto found = logEntriesOf(run, path(), 20);

        CPPUNIT_ASSERT_EQUAL(std::size_t{20}, found.entries.size());
        CPPUNIT_ASSERT_EQUAL(std::string("line 29"), found.entries.back().text);
        CPPUNIT_ASSERT(!found.isCut);
        CPPUNIT_ASSERT(logEntriesOf(run, path() + ".none", 20).entries.empty());
    }

    void severalLogsAreMergedByTime() {
        std::vector<LogEntry> entries{{"3", "", "a", "", "c"}, {"1", "", "a", "", "a"}, {"2", "", "b", "", "b"}};

        const auto merged = mergeLogEntries(entries, 2);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, merged.size());
        CPPUNIT_ASSERT_EQUAL(std::string("b"), merged.front().text);
        CPPUNIT_ASSERT_EQUAL(std::string("c"), merged.back().text);
    }

private:
    std::string path() const { return _file.path(); }
    /// A second before midnight UTC, so that the run's beginning is behind all of them.
    void write(const std::string& run, int lines, const std::string& level) const {
        std::ofstream file(path(), std::ios::app);
        for (int i = 0; i < lines; ++i)
            file << "2026-11-22T00:00:0" << (run == "r1" ? 1 : 2) << ".000Z " << level << ' ' << run << " line " << i
                 << '\n';
    }

    const Poco::TemporaryFile _file{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(LogLinesTest);
