#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "support/Command.h"
#include "support/HostFolder.h"

namespace {

constexpr const char* kProgram = CARILLON_TEST_PROGRAM;
constexpr const char* kFrom = "2026-03-28T00:00:00Z";

std::string jobWith(const std::string& schedule) {
    return "job.plugin = P\njob.task = T\n" + schedule;
}

}  // namespace

class NextCommandTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NextCommandTest);
    CPPUNIT_TEST(anyExpressionIsCalculatedAsJson);
    CPPUNIT_TEST(millisecondsAreShownIfAny);
    CPPUNIT_TEST(tableTellsLocalTimeUtcAndDistance);
    CPPUNIT_TEST(aJobHasItsOwnScheduleAndZone);
    CPPUNIT_TEST(allEnabledJobsAreMergedByTime);
    CPPUNIT_TEST(anExpressionIsTriedForAJob);
    CPPUNIT_TEST(aJobWithoutScheduleSaysSo);
    CPPUNIT_TEST(aJobThatIsNotEnabledSaysSo);
    CPPUNIT_TEST(whatIsWrongLeavesTwo);
    CPPUNIT_TEST(explainSpeaksBothLanguages);
    CPPUNIT_TEST(explainAsJson);
    CPPUNIT_TEST(whatIsHardlyMeantIsAWarning);
    CPPUNIT_TEST(invisibleCharacterIsNamed);
    CPPUNIT_TEST(daysOffAndBlackoutsAreShownAmongTheFirings);
    CPPUNIT_TEST(daysOffAreTriedWithAnotherExpression);
    CPPUNIT_TEST(jobThatNeverFiresAgainSaysSo);
    CPPUNIT_TEST(explainTellsWhatRestrictsAJob);
    CPPUNIT_TEST(explainOfAJobOrAnExpressionAndNotBoth);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _folder = std::make_unique<HostFolder>("jobs.enabled = paris, tokyo, byhand\n"); }
    void tearDown() override { _folder.reset(); }

    void anyExpressionIsCalculatedAsJson() {
        const auto result =
            outside({"next", "--expr", "0 0 * * *", "--tz", "Europe/Paris", "--from", kFrom, "-n", "2", "--json"});

        CPPUNIT_ASSERT_EQUAL(std::string(R"([{"utc":"2026-03-28T23:00:00Z","local":"2026-03-29T00:00:00+01:00"},)"
                                         R"({"utc":"2026-03-29T22:00:00Z","local":"2026-03-30T00:00:00+02:00"}])"
                                         "\n"),
                             result.out);
        CPPUNIT_ASSERT_EQUAL(std::string(), result.err);
        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
    }

    void millisecondsAreShownIfAny() {
        const auto result =
            outside({"next", "--expr", "every 1500ms", "--tz", "UTC", "--from", kFrom, "-n", "2", "--json"});

        CPPUNIT_ASSERT_EQUAL(
            std::string(R"([{"utc":"2026-03-28T00:00:01.500Z","local":"2026-03-28T00:00:01.500+00:00"},)"
                        R"({"utc":"2026-03-28T00:00:03Z","local":"2026-03-28T00:00:03+00:00"}])"
                        "\n"),
            result.out);
    }

    void tableTellsLocalTimeUtcAndDistance() {
        const auto result =
            outside({"next", "--expr", "30 2 * * *", "--tz", "Europe/Paris", "--from", kFrom, "-n", "2"});

        CPPUNIT_ASSERT_EQUAL(std::string("LOCAL TIME                      UTC                   IN\n"
                                         "Sat 2026-03-28 02:30:00 +01:00  2026-03-28 01:30:00Z  1 h 30 min\n"
                                         "Sun 2026-03-29 03:00:00 +02:00  2026-03-29 01:00:00Z  1 d 1 h\n"),
                             result.out);
    }

    void aJobHasItsOwnScheduleAndZone() {
        addJobs();

        const auto result = inside({"next", "tokyo", "--from", kFrom, "-n", "1", "--json"});

        CPPUNIT_ASSERT_EQUAL(
            std::string(R"([{"job":"tokyo","utc":"2026-03-28T15:00:00Z","local":"2026-03-29T00:00:00+09:00"}])"
                        "\n"),
            result.out);
        CPPUNIT_ASSERT_EQUAL(std::string(), result.err);
    }

    void allEnabledJobsAreMergedByTime() {
        addJobs();

        const auto result = inside({"next", "--from", kFrom, "-n", "3", "--tz", "UTC"});

        CPPUNIT_ASSERT_EQUAL(std::string("JOB    LOCAL TIME                      UTC                   IN\n"
                                         "tokyo  Sat 2026-03-28 15:00:00 +00:00  2026-03-28 15:00:00Z  15 h\n"
                                         "paris  Sat 2026-03-28 23:00:00 +00:00  2026-03-28 23:00:00Z  23 h\n"
                                         "tokyo  Sun 2026-03-29 15:00:00 +00:00  2026-03-29 15:00:00Z  1 d 15 h\n"),
                             result.out);
        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
    }

    void anExpressionIsTriedForAJob() {
        addJobs();

        const auto one = inside({"next", "tokyo", "--expr", "H H * * *", "--from", kFrom, "--json"});
        const auto other = inside({"next", "paris", "--expr", "H H * * *", "--from", kFrom, "--json"});

        CPPUNIT_ASSERT_EQUAL(0, one.exitCode);
        CPPUNIT_ASSERT(one.out.find("+09:00") != std::string::npos);
        CPPUNIT_ASSERT(other.out.find("+01:00") != std::string::npos);
        CPPUNIT_ASSERT(one.out.substr(one.out.find("T")) != other.out.substr(other.out.find("T")));
    }

    void aJobWithoutScheduleSaysSo() {
        addJobs();

        const auto table = inside({"next", "byhand"});
        const auto json = inside({"next", "byhand", "--json"});

        CPPUNIT_ASSERT_EQUAL(std::string(), table.out);
        CPPUNIT_ASSERT(table.err.find("job byhand has no schedule") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(0, table.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("[]\n"), json.out);
    }

    void aJobThatIsNotEnabledSaysSo() {
        addJobs();

        const auto result = inside({"next", "asleep", "-n", "1"});

        CPPUNIT_ASSERT(result.err.find("job asleep does not fire: jobs.enabled does not list it") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{2}, std::count(result.out.begin(), result.out.end(), '\n'));
    }

    void whatIsWrongLeavesTwo() {
        const std::vector<std::vector<std::string>> wrong{{"next", "--expr", "61 * * * *"},
                                                          {"next", "--expr", ""},
                                                          {"next", "--expr", "0 0 31 2 *"},
                                                          {"next", "--expr", "* * * * *", "--tz", "Europe/Pari"},
                                                          {"next", "--expr", "* * * * *", "--from", "yesterday"},
                                                          {"next", "--expr", "* * * * *", "-n", "-1"},
                                                          {"explain", "61 * * * *"},
                                                          {"explain"},
                                                          {"explain", "* * * * *", "--lang", "xx"}};
        for (const auto& words : wrong) {
            const auto result = outside(words);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(words.back() + result.err, 2, result.exitCode);
            CPPUNIT_ASSERT_EQUAL(std::string(), result.out);
            CPPUNIT_ASSERT_MESSAGE(result.err, result.err.starts_with("carillon: error: "));
            CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1}, std::count(result.err.begin(), result.err.end(), '\n'));
        }
    }

    void explainSpeaksBothLanguages() {
        const auto explained = [](const std::string& language, std::vector<std::string> more) {
            std::vector<std::string> words{kProgram, "explain", "30 2 * * 5L"};
            words.insert(words.end(), more.begin(), more.end());
            return Command(words).set("LC_ALL", language).run().out;
        };

        CPPUNIT_ASSERT_EQUAL(std::string("at 02:30 on the last Friday of the month\n"), explained("C", {}));
        CPPUNIT_ASSERT_EQUAL(std::string("le dernier vendredi de chaque mois à 2 h 30\n"),
                             explained("fr_FR.UTF-8", {}));
        CPPUNIT_ASSERT_EQUAL(std::string("at 02:30 on the last Friday of the month\n"),
                             explained("fr_FR.UTF-8", {"--lang", "en"}));
        CPPUNIT_ASSERT_EQUAL(std::string("le dernier vendredi de chaque mois à 2 h 30\n"),
                             explained("C", {"--lang", "fr"}));
    }

    void explainAsJson() {
        CPPUNIT_ASSERT_EQUAL(std::string("{\"expression\":\"@daily\",\"words\":\"every day at midnight\"}\n"),
                             outside({"explain", "@daily", "--lang", "en", "--json"}).out);
    }

    void whatIsHardlyMeantIsAWarning() {
        const std::string warning =
            "*/90 in the minute field fires at minute 0 only; for every 90 minutes write 'every 90m'\n";
        const auto explained = outside({"explain", "*/90 * * * *", "--lang", "en"});
        const auto next =
            outside({"next", "--expr", "0 0 1 */15 *", "--tz", "UTC", "--from", kFrom, "-n", "1", "--json"});
        addJobs();
        _folder->addJob("paris", jobWith("job.schedule = */90 * * * *\n"));

        CPPUNIT_ASSERT_EQUAL(std::string("every hour\n"), explained.out);
        CPPUNIT_ASSERT_EQUAL("carillon: warning: " + warning, explained.err);
        CPPUNIT_ASSERT_MESSAGE(next.out, next.out.starts_with("[{\"utc\":\"2027-01-01T00:00:00Z\""));
        CPPUNIT_ASSERT_EQUAL(
            std::string("carillon: warning: */15 in the month field fires in January only; no schedule "
                        "means every 15 months\n"),
            next.err);
        CPPUNIT_ASSERT_EQUAL("carillon: warning: " + warning, inside({"next", "paris", "-n", "1"}).err);
        CPPUNIT_ASSERT(inside({"next", "-n", "1"}).err.find(": job.schedule: " + warning) != std::string::npos);
    }

    void invisibleCharacterIsNamed() {
        const auto result = outside({"explain", "*/5\u00a0*\u00a0*\u00a0*\u00a0*"});

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(
            result.err, result.err.find("U+00A0 no-break space after */5; write a plain space") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(2, outside({"explain", "*/5\xa0* * * *"}).exitCode);
    }

    void daysOffAndBlackoutsAreShownAmongTheFirings() {
        addTown("job.calendar.days = next_working_day\n");
        const std::vector<std::string> words{"next", "paris", "--from", "2026-12-24T00:00:00Z", "-n", "3"};
        auto asJson = words;
        asJson.emplace_back("--json");

        const auto table = inside(words);
        const auto json = inside(asJson);

        CPPUNIT_ASSERT_EQUAL(
            std::string("LOCAL TIME                      UTC                   IN\n"
                        "Thu 2026-12-24 03:00:00 +01:00  2026-12-24 02:00:00Z  2 h\n"
                        "Fri 2026-12-25 03:00:00 +01:00  2026-12-25 02:00:00Z  moved to 2026-12-26 03:00 (Noël)\n"
                        "Sat 2026-12-26 03:00:00 +01:00  2026-12-26 02:00:00Z  2 d 2 h\n"
                        "Sun 2026-12-27 03:00:00 +01:00  2026-12-27 02:00:00Z  blackout (Sun 02:00-04:00)\n"
                        "Mon 2026-12-28 03:00:00 +01:00  2026-12-28 02:00:00Z  4 d 2 h\n"),
            table.out);
        CPPUNIT_ASSERT_MESSAGE(
            json.out,
            json.out.find(R"({"job":"paris","utc":"2026-12-28T02:00:00Z","local":"2026-12-28T03:00:00+01:00",)"
                          R"("skipped_before":[{"utc":"2026-12-27T02:00:00Z",)"
                          R"json("local":"2026-12-27T03:00:00+01:00","reason":"blackout (Sun 02:00-04:00)"}]})json") !=
                std::string::npos);
    }

    void daysOffAreTriedWithAnotherExpression() {
        addTown("");
        const auto with = inside({"next", "paris", "--expr", "0 9 * * *", "--from", "2026-12-24T12:00:00Z", "-n", "1"});
        const auto without = inside(
            {"next", "paris", "--expr", "0 9 * * *", "--tz", "UTC", "--from", "2026-12-24T12:00:00Z", "-n", "1"});

        CPPUNIT_ASSERT_MESSAGE(with.out,
                               with.out.find("Z  day off: Noël\nSat 2026-12-26 09:00:00") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(without.out, without.out.find("Fri 2026-12-25 09:00:00") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(without.err,
                               without.err.find("are left out, since they are of its own zone") != std::string::npos);
    }

    void jobThatNeverFiresAgainSaysSo() {
        _folder->addJob("paris", jobWith("job.schedule = 0 3 * * *\njob.blackout = 02:00-04:00\n"));

        const auto result = inside({"next", "paris"});

        CPPUNIT_ASSERT_EQUAL(std::string(), result.out);
        CPPUNIT_ASSERT_EQUAL(
            std::string("carillon: warning: paris: no further firing can be foreseen: each slot lies on "
                        "a day off or in a blackout, first of all blackout (02:00-04:00)\n"),
            result.err);
        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
    }

    void explainTellsWhatRestrictsAJob() {
        addTown("job.calendar.days = next_working_day\n");

        const auto english = inside({"explain", "--job", "paris", "--lang", "en"});
        const auto french = inside({"explain", "--job", "paris", "--lang", "fr"});
        const auto json = inside({"explain", "--job", "paris", "--lang", "en", "--json"});

        CPPUNIT_ASSERT_MESSAGE(english.out,
                               english.out.starts_with(
                                   "every day at 03:00 (Europe/Paris)\n"
                                   "on days off (public holidays in France) moved to the same time of the next working "
                                   "day\nnot during Sun 02:00-04:00\nthe next days off:\n  "));
        CPPUNIT_ASSERT(english.out.find("-12-25 (Noël), moved to ") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(
            french.out,
            french.out.find("\nles jours non travaillés (jours fériés en France), report à la même heure du jour ouvré "
                            "suivant\nsauf dans les plages Sun 02:00-04:00\nprochains jours non travaillés\u00a0:\n") !=
                std::string::npos);
        CPPUNIT_ASSERT(french.out.find(" 25/12/20") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(json.out, json.out.find("\"off\":[\"on days off (public") != std::string::npos);
    }

    void explainOfAJobOrAnExpressionAndNotBoth() {
        addJobs();
        for (const auto& words : std::vector<std::vector<std::string>>{{"explain", "--job", "paris", "@daily"},
                                                                       {"explain", "--job", "nobody"}}) {
            const auto result = inside(words);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 2, result.exitCode);
            CPPUNIT_ASSERT_EQUAL(std::string(), result.out);
        }
    }

private:
    /// One that fires every night but on holidays and on Sundays.
    void addTown(const std::string& keys) const {
        _folder->addJob("paris", jobWith("job.schedule = 0 3 * * *\njob.timezone = Europe/Paris\n"
                                         "job.calendar = fr-holidays\njob.blackout = Sun 02:00-04:00\n" +
                                         keys));
    }
    void addJobs() const {
        _folder->addJob("paris", jobWith("job.schedule = 0 0 * * *\njob.timezone = Europe/Paris\n"));
        _folder->addJob("tokyo", jobWith("job.schedule = @daily\njob.timezone = Asia/Tokyo\n"));
        _folder->addJob("byhand", jobWith(""));
        _folder->addJob("asleep", jobWith("job.schedule = every 90s\n"));
    }

    /// Without any configuration.
    CommandResult outside(std::vector<std::string> words) const {
        words.insert(words.begin(), kProgram);
        return Command(words).in(_folder->path() / "jobs").run();
    }
    CommandResult inside(std::vector<std::string> words) const {
        words.insert(words.begin(), kProgram);
        return Command(words).set("CARILLON_CONFIG", _folder->config()).run();
    }

    std::unique_ptr<HostFolder> _folder;
};

CPPUNIT_TEST_SUITE_REGISTRATION(NextCommandTest);
