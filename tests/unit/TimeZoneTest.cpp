#include "schedule/TimeZone.h"

#include "schedule/LocalTime.h"
#include "schedule/ScheduleError.h"
#include "schedule/ZoneDatabase.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include "unit/ScheduleTexts.h"
#include "unit/ZoneFolder.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

namespace {

std::string fileOf(const std::string& zone) {
    std::ifstream file("/usr/share/zoneinfo/" + zone, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string localIn(const TimeZone& zone, const char* at) {
    return toLocalRfc3339(instant(at), zone);
}

/// Local time in a zone that has this rule alone.
std::string localByRule(const char* rule, const char* at) {
    const auto parsed = ZoneRule::parse(rule);
    CPPUNIT_ASSERT_MESSAGE(rule, parsed);
    return localIn(TimeZone(rule, ZoneFile{parsed->standardOffset(), {}, parsed}), at);
}

std::string refusalOf(const std::string& name) {
    try {
        findTimeZone(name);
        return "";
    } catch (const ScheduleError& e) {
        return e.message();
    }
}

}  // namespace

class TimeZoneTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TimeZoneTest);
    CPPUNIT_TEST(offsetsAreThoseOfThePlace);
    CPPUNIT_TEST(rulesOfPosixAreCarriedOut);
    CPPUNIT_TEST(whatIsNoRuleIsNone);
    CPPUNIT_TEST(summerTimeAllTheYearIsOnePeriod);
    CPPUNIT_TEST(changesAtOneInstantLeaveNoEmptyPeriod);
    CPPUNIT_TEST(unknownNamesAreRefusedWithTheNearest);
    CPPUNIT_TEST(aDamagedFileIsRefused);
    CPPUNIT_TEST(aTransitionBeforeAllTimeIsRefused);
    CPPUNIT_TEST(anOldFileHasNoRule);
    CPPUNIT_TEST(aSlimFileGoesOnByItsRule);
    CPPUNIT_TEST(aFileMayHoldARuleAlone);
    CPPUNIT_TEST(theVariableNamesTheDatabase);
    CPPUNIT_TEST(aMissingDatabaseIsToldWithTheWayOut);
    CPPUNIT_TEST(aFileThatCountsLeapSecondsIsRefusedWithTheWayOut);
    CPPUNIT_TEST(theSystemsZoneIsThatOfTheVariable);
    CPPUNIT_TEST(aZoneIsReadOnceByAllThreads);
    CPPUNIT_TEST(timesAreReadAsRfc3339HasThem);
    CPPUNIT_TEST(timesAreWrittenWithMillisecondsIfAny);
    CPPUNIT_TEST(namesOfWindowsAreUnderstood);
    CPPUNIT_TEST_SUITE_END();

public:
    void offsetsAreThoseOfThePlace() {
        struct Case {
            const char* zone;
            const char* utc;
            const char* local;
        };
        const Case cases[] = {
            {"UTC", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00+00:00"},
            {"Europe/Paris", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59+01:00"},
            {"Europe/Paris", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00"},
            {"Europe/Paris", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00+01:00"},
            {"Europe/Paris", "1900-01-01T00:00:00Z", "1900-01-01T00:09:00+00:09"},
            {"Europe/Dublin", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+00:00"},
            {"Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01T05:45:00+05:45"},
            {"Australia/Lord_Howe", "2026-01-01T00:00:00Z", "2026-01-01T11:00:00+11:00"},
            {"America/St_Johns", "2150-01-01T00:00:00Z", "2149-12-31T20:30:00-03:30"},
            {"Europe/Paris", "2150-07-01T00:00:00Z", "2150-07-01T02:00:00+02:00"},
            {"Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T23:59:59-10:00"},
            {"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00+14:00"},
        };

        for (const auto& [zone, utc, local] : cases)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(zone, std::string(local), localIn(*findTimeZone(zone), utc));
    }

    void rulesOfPosixAreCarriedOut() {
        struct Case {
            const char* rule;
            const char* utc;
            const char* local;
        };
        const Case cases[] = {
            {"UTC0", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00+00:00"},
            {"<+0330>-3:30", "2026-01-01T00:00:00Z", "2026-01-01T03:30:00+03:30"},
            {"EST5EDT", "2026-07-01T12:00:00Z", "2026-07-01T08:00:00-04:00"},
            {"CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01T12:00:00Z", "2026-07-01T14:00:00+02:00"},
            {"IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T12:00:00Z", "2026-01-01T12:00:00+00:00"},
            {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2026-01-01T12:00:00Z", "2026-01-01T23:00:00+11:00"},
            {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", "2026-03-29T00:00:00-01:00"},
            {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", "2026-03-28T22:59:59-02:00"},
            {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27T23:59:59Z", "2026-03-28T01:59:59+02:00"},
            {"EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z", "2026-03-28T03:00:00+03:00"},
            // Day 60 is 1 March in each year by J60, 29 February in a leap year by 59.
            {"A-BST0XYZ-1,J60/0,J300/0", "2028-02-29T12:00:00Z", ""},
            {"ABC0XYZ-1,J60/0,J300/0", "2028-02-29T12:00:00Z", "2028-02-29T12:00:00+00:00"},
            {"ABC0XYZ-1,J60/0,J300/0", "2028-03-01T12:00:00Z", "2028-03-01T13:00:00+01:00"},
            {"ABC0XYZ-1,59/0,300/0", "2028-02-29T12:00:00Z", "2028-02-29T13:00:00+01:00"},
        };

        for (const auto& [rule, utc, local] : cases)
            if (*local == '\0')
                CPPUNIT_ASSERT_MESSAGE(rule, !ZoneRule::parse(rule));
            else
                CPPUNIT_ASSERT_EQUAL_MESSAGE(rule, std::string(local), localByRule(rule, utc));
    }

    void whatIsNoRuleIsNone() {
        for (const auto* text : {"", "CET", "CE-1", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-168",
                                 "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J365", "<+03-3",
                                 "CET-1CEST,M3.5.0,M10.5.0x", "CET-1:60", "<>0", "CET--1", "CET-1CEST,366,1"})
            CPPUNIT_ASSERT_MESSAGE(text, !ZoneRule::parse(text));
    }

    void summerTimeAllTheYearIsOnePeriod() {
        const auto rule = ZoneRule::parse("XXX3EDT4,0/0,J365/23");
        const TimeZone zone("all", ZoneFile{rule->standardOffset(), {}, rule});

        for (const auto* at : {"2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z", "2026-12-31T23:59:59Z"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(at, seconds(zone, "2027-03-01T00:00:00Z"), seconds(zone, at));
    }

    void changesAtOneInstantLeaveNoEmptyPeriod() {
        const auto rule = ZoneRule::parse("CMT-1CEST,M1.5.0,M1.5.0/3");
        const TimeZone zone("both", ZoneFile{rule->standardOffset(), {}, rule});

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, zone.periods().size());
        CPPUNIT_ASSERT(zone.periods().front().offset == 1h && zone.periods().back().offset == 2h);
    }

    void unknownNamesAreRefusedWithTheNearest() {
        CPPUNIT_ASSERT_EQUAL(std::string("time zone Europe/Pari does not exist in /usr/share/zoneinfo; did you mean "
                                         "Europe/Paris?"),
                             refusalOf("Europe/Pari"));
        CPPUNIT_ASSERT(refusalOf("paris").find("did you mean Europe/Paris?") != std::string::npos);
        CPPUNIT_ASSERT(refusalOf("America/New_Yrok").find("America/New_York?") != std::string::npos);
        for (const auto* name : {"/usr/share/zoneinfo/Europe/Paris", "../zoneinfo/Europe/Paris", "Europe/../UTC",
                                 "Europe/Paris\n", " UTC", "$(id)"})
            CPPUNIT_ASSERT_MESSAGE(name, refusalOf(name).find(" is no name of a zone") != std::string::npos);
        for (const auto* name : {"Europe", "zone.tab", "tzdata.zi", "Xyzzy/Plugh"})
            CPPUNIT_ASSERT_MESSAGE(name, refusalOf(name).find(" does not exist in ") != std::string::npos);
        CPPUNIT_ASSERT(refusalOf("right/Europe/Paris").empty() ||
                       refusalOf("right/Europe/Paris").find("Europe/Paris") != std::string::npos);
    }

    void aDamagedFileIsRefused() {
        const std::string whole = fileOf("Europe/Paris");
        CPPUNIT_ASSERT(!ZoneFile::parse(whole, "whole").transitions.empty());
        std::mt19937 random(1);

        for (std::size_t length = 0; length < whole.size(); ++length)
            CPPUNIT_ASSERT_THROW(ZoneFile::parse(whole.substr(0, length), "cut"), ScheduleError);
        // Any byte may be wrong: refused or read as something else, but nothing worse.
        std::size_t refused = 0;
        for (int n = 0; n < 3000; ++n) {
            std::string damaged = whole;
            damaged[random() % (n % 2 == 0 ? damaged.size() : 60)] = static_cast<char>(random() % 256);
            try {
                TimeZone("damaged", ZoneFile::parse(damaged, "damaged"));
            } catch (const ScheduleError&) {
                ++refused;
            }
        }
        CPPUNIT_ASSERT(refused > 100);
    }

    void aTransitionBeforeAllTimeIsRefused() {
        auto zone = slimParis();
        zone.transitions.front().first = std::numeric_limits<std::int64_t>::min();

        CPPUNIT_ASSERT_THROW(ZoneFile::parse(compiledZone(zone, ZoneForm::Slim), "damaged"), ScheduleError);
    }

    void anOldFileHasNoRule() {
        std::string old = fileOf("Europe/Paris");
        old[4] = '\0';

        const auto file = ZoneFile::parse(old, "old");

        CPPUNIT_ASSERT(!file.rule);
        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-01T14:00:00+02:00"),
                             localIn(TimeZone("old", file), "2026-07-01T12:00:00Z"));
    }

    void aSlimFileGoesOnByItsRule() {
        for (const auto form : {ZoneForm::Slim, ZoneForm::Fat}) {
            const TimeZone zone("slim", ZoneFile::parse(compiledZone(slimParis(), form), "slim"));

            for (const auto* at : {"1996-01-01T00:00:00Z", "1996-07-01T12:00:00Z", "1996-10-27T00:59:59Z",
                                   "1996-10-27T01:00:00Z", "1997-03-30T00:59:59Z", "1997-03-30T01:00:00Z",
                                   "2026-07-01T12:00:00Z", "2026-10-25T01:00:00Z", "2150-07-01T00:00:00Z"})
                CPPUNIT_ASSERT_EQUAL_MESSAGE(at, localIn(*findTimeZone("Europe/Paris"), at), localIn(zone, at));
        }
    }

    void aFileMayHoldARuleAlone() {
        const auto localInSydney = [](const char* at) {
            const ZoneContents contents{{36'000}, {}, "AEST-10AEDT,M10.1.0,M4.1.0/3"};
            return localIn(TimeZone("rule", ZoneFile::parse(compiledZone(contents, ZoneForm::Slim), "rule")), at);
        };

        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-01T22:00:00+10:00"), localInSydney("2026-07-01T12:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-01T23:00:00+11:00"), localInSydney("2026-01-01T12:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("1900-01-01T23:00:00+11:00"), localInSydney("1900-01-01T12:00:00Z"));
    }

    void theVariableNamesTheDatabase() {
        const ZoneFolder zones;
        zones.add("Our/Paris", compiledZone(slimParis(), ZoneForm::Slim));
        zones.add("Our/Fixed", compiledZone({{5'400}, {}, "<+0130>-1:30"}, ZoneForm::Slim));
        std::filesystem::create_symlink("Our/Paris", zones.path() / "Link");
        std::filesystem::create_symlink("Our/Nowhere", zones.path() / "Dangling");

        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-01T14:00:00+02:00"),
                             localIn(*findTimeZone("Our/Paris"), "2026-07-01T12:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-01T14:00:00+02:00"),
                             localIn(*findTimeZone("Link"), "2026-07-01T12:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-01T13:30:00+01:30"),
                             localIn(*findTimeZone("Our/Fixed"), "2026-07-01T12:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("Link, Our/Fixed, Our/Paris"), joined(listTimeZones()));
        CPPUNIT_ASSERT_EQUAL(
            "time zone Europe/Paris does not exist in " + zones.path().string() + "; did you mean Our/Paris?",
            refusalOf("Europe/Paris"));
        CPPUNIT_ASSERT(refusalOf("Dangling").find("does not exist in ") != std::string::npos);
    }

    void aMissingDatabaseIsToldWithTheWayOut() {
        const ZoneFolder zones;
        const std::string wanted = "time zone Europe/Paris cannot be looked up: " + zones.path().string() +
                                   " holds no time zones; install the package tzdata, or let TZDIR name the folder of "
                                   "its files";

        CPPUNIT_ASSERT_EQUAL(wanted, refusalOf("Europe/Paris"));
        std::filesystem::remove(zones.path());
        CPPUNIT_ASSERT_EQUAL(wanted, refusalOf("Europe/Paris"));
        CPPUNIT_ASSERT_EQUAL(std::string("UTC"), findTimeZone("UTC")->name());
    }

    void aFileThatCountsLeapSecondsIsRefusedWithTheWayOut() {
        const ZoneFolder zones;
        auto contents = slimParis();
        contents.leapSeconds = 27;
        zones.add("right/Paris", compiledZone(contents, ZoneForm::Fat));

        CPPUNIT_ASSERT_EQUAL((zones.path() / "right/Paris").string() +
                                 " counts leap seconds, which the system's clock does not, expected the file of the "
                                 "same zone outside the folder right",
                             refusalOf("right/Paris"));
    }

    void theSystemsZoneIsThatOfTheVariable() {
        const auto offsetBy = [](const char* variable) {
            ::setenv("TZ", variable, 1);
            return localIn(*findTimeZone(""), "2026-07-01T12:00:00Z").substr(19);
        };

        CPPUNIT_ASSERT_EQUAL(std::string("+02:00"), offsetBy("Europe/Paris"));
        CPPUNIT_ASSERT_EQUAL(std::string("Europe/Paris"), findTimeZone("")->name());
        CPPUNIT_ASSERT_EQUAL(std::string("+09:00"), offsetBy(":Asia/Tokyo"));
        CPPUNIT_ASSERT_EQUAL(std::string("+05:45"), offsetBy("/usr/share/zoneinfo/Asia/Kathmandu"));
        CPPUNIT_ASSERT_EQUAL(std::string("-04:00"), offsetBy("EST5EDT,M3.2.0,M11.1.0"));
        CPPUNIT_ASSERT_EQUAL(std::string("+00:00"), offsetBy(""));
        CPPUNIT_ASSERT_EQUAL(std::string("+00:00"), offsetBy("Nowhere/Land"));
        ::unsetenv("TZ");
        CPPUNIT_ASSERT(!findTimeZone("")->name().empty());
    }

    void tearDown() override { ::unsetenv("TZ"); }

    void aZoneIsReadOnceByAllThreads() {
        std::vector<const TimeZone*> found(8);
        std::vector<std::thread> threads;
        for (auto& zone : found) threads.emplace_back([&zone] { zone = findTimeZone("Europe/Vienna").get(); });
        for (auto& thread : threads) thread.join();

        for (const auto* zone : found) CPPUNIT_ASSERT(zone == found.front());
    }

    void timesAreReadAsRfc3339HasThem() {
        struct Case {
            const char* text;
            const char* utc;
        };
        const Case cases[] = {{"2026-03-28T00:00:00Z", "2026-03-28T00:00:00.000Z"},
                              {"2026-03-28t00:00:00z", "2026-03-28T00:00:00.000Z"},
                              {"2026-03-28 00:00:00Z", "2026-03-28T00:00:00.000Z"},
                              {"2026-03-28T01:30:00+01:00", "2026-03-28T00:30:00.000Z"},
                              {"2026-03-27T20:00:00-04:30", "2026-03-28T00:30:00.000Z"},
                              {"2026-03-28T00:00:00.25Z", "2026-03-28T00:00:00.250Z"},
                              {"2026-03-28T00:00:00.1239999999Z", "2026-03-28T00:00:00.123Z"},
                              {"2028-02-29T23:59:59Z", "2028-02-29T23:59:59.000Z"}};

        for (const auto& [text, utc] : cases) {
            const auto at = parseRfc3339(text);
            CPPUNIT_ASSERT_MESSAGE(text, at);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(utc), toRfc3339(*at));
        }
        for (const auto* text :
             {"", "2026", "2026-03-28", "2026-03-28T00:00Z", "2026-03-28T00:00:00", "2026-02-29T00:00:00Z",
              "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-32T00:00:00Z", "2026-03-28T24:00:00Z",
              "2026-03-28T00:60:00Z", "2026-03-28T00:00:60Z", "2026-03-28T00:00:00.Z", "2026-03-28T00:00:00+1:00",
              "2026-03-28T00:00:00+0100", "2026-03-28T00:00:00Zx", "now", "+026-03-28T00:00:00Z",
              "2026-3-28T00:00:00Z"})
            CPPUNIT_ASSERT_MESSAGE(text, !parseRfc3339(text));
    }

    void timesAreWrittenWithMillisecondsIfAny() {
        const auto zone = findTimeZone("America/St_Johns");

        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-01T00:00:00Z"), toShortRfc3339(instant("2026-01-01T00:00:00Z")));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-01T00:00:01.500Z"),
                             toShortRfc3339(instant("2026-01-01T00:00:01.5Z")));
        CPPUNIT_ASSERT_EQUAL(std::string("2025-12-31T20:30:01.500-03:30"), localIn(*zone, "2026-01-01T00:00:01.5Z"));
    }

    void namesOfWindowsAreUnderstood() {
        const std::pair<const char*, const char*> cases[] = {{"Romance Standard Time", "Europe/Paris"},
                                                             {"romance standard time", "Europe/Paris"},
                                                             {"AUS Central Standard Time", "Australia/Darwin"},
                                                             {"Central Standard Time (Mexico)", "America/Mexico_City"},
                                                             {"UTC-02", "Etc/GMT+2"},
                                                             {"Yukon Standard Time", "America/Whitehorse"}};
        for (const auto& [windows, zone] : cases)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(windows, std::string(zone), findTimeZone(windows)->name());
        // A name that both have is the database's.
        CPPUNIT_ASSERT_EQUAL(std::string("UTC"), findTimeZone("UTC")->name());
        CPPUNIT_ASSERT(refusalOf("Romance Standard Tim").find("is no name of a zone") != std::string::npos);
    }

private:
    static std::int64_t seconds(const TimeZone& zone, const char* at) {
        return zone.periodAt(std::chrono::floor<std::chrono::seconds>(instant(at))).offset.count();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TimeZoneTest);
