#include "schedule/Schedule.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include "unit/ScheduleTexts.h"

#include <set>
#include <string>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

namespace {

using SlotTexts = std::vector<std::string>;

/// The first slots after `from`, as local times of the zone.
SlotTexts localSlots(const char* text, const char* zone, const char* from, std::size_t count) {
    const auto schedule = Schedule::parse(text, zone, "job");
    SlotTexts slots;
    auto at = std::optional(instant(from));
    while (slots.size() < count && (at = schedule->next(*at))) slots.push_back(localText(*schedule, *at));
    return slots;
}

}  // namespace

class ScheduleTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ScheduleTest);
    CPPUNIT_TEST(slotsAreThoseOfTheCalendar);
    CPPUNIT_TEST(aSkippedLocalTimeComesAtTheEndOfTheGap);
    CPPUNIT_TEST(skippedTimesAndTheOneAtTheEndOfTheGapMerge);
    CPPUNIT_TEST(aRepeatedLocalTimeComesAtItsFirstPass);
    CPPUNIT_TEST(aStarFollowsRealTime);
    CPPUNIT_TEST(everyCountsFrom1970);
    CPPUNIT_TEST(theRuleOfTheZoneIsCarriedOnTo2200);
    CPPUNIT_TEST(nothingComesFrom2200On);
    CPPUNIT_TEST(anyInstantMayBeAskedFor);
    CPPUNIT_TEST(theNameDecidesWhatHStandsFor);
    CPPUNIT_TEST_SUITE_END();

public:
    void slotsAreThoseOfTheCalendar() {
        struct Case {
            const char* text;
            const char* from;
            SlotTexts slots;
        };
        // 1 January 2026 is a Thursday.
        const Case cases[] = {
            {"30 2 * * *", "2026-01-01T02:29:59.999Z", {"2026-01-01 02:30:00", "2026-01-02 02:30:00"}},
            {"30 2 * * *", "2026-01-01T02:30:00Z", {"2026-01-02 02:30:00"}},
            {"15 30 2 * * *", "2026-01-01T02:30:00Z", {"2026-01-01 02:30:15", "2026-01-02 02:30:15"}},
            {"*/20 * * * * *", "2026-01-01T00:00:39Z", {"2026-01-01 00:00:40", "2026-01-01 00:01:00"}},
            {"0 0 29 2 *", "2026-01-01T00:00:00Z", {"2028-02-29 00:00:00", "2032-02-29 00:00:00"}},
            {"0 0 29 2 *", "2096-03-01T00:00:00Z", {"2104-02-29 00:00:00"}},
            {"0 0 29 2 &1#5", "2026-01-01T00:00:00Z", {"2044-02-29 00:00:00", "2072-02-29 00:00:00"}},
            {"0 22-2/2 * * *", "2026-01-01T01:00:00Z", {"2026-01-01 02:00:00", "2026-01-01 22:00:00"}},
            {"0 0 * * fri-mon",
             "2026-01-01T00:00:00Z",
             {"2026-01-02 00:00:00", "2026-01-03 00:00:00", "2026-01-04 00:00:00", "2026-01-05 00:00:00",
              "2026-01-09 00:00:00"}},
            {"0 0 * * 5-7", "2026-01-03T12:00:00Z", {"2026-01-04 00:00:00", "2026-01-09 00:00:00"}},
            {"0 0 * nov-feb *", "2026-02-27T12:00:00Z", {"2026-02-28 00:00:00", "2026-11-01 00:00:00"}},
            {"0 0 L * *", "2026-01-01T00:00:00Z", {"2026-01-31 00:00:00", "2026-02-28 00:00:00"}},
            {"0 0 L-3 * ?", "2028-02-01T00:00:00Z", {"2028-02-26 00:00:00", "2028-03-28 00:00:00"}},
            {"0 0 LW * *",
             "2026-01-01T00:00:00Z",
             {"2026-01-30 00:00:00", "2026-02-27 00:00:00", "2026-03-31 00:00:00"}},
            {"0 0 15W * *",
             "2026-02-01T00:00:00Z",
             {"2026-02-16 00:00:00", "2026-03-16 00:00:00", "2026-04-15 00:00:00"}},
            {"0 0 1W * *", "2026-07-31T12:00:00Z", {"2026-08-03 00:00:00", "2026-09-01 00:00:00"}},
            {"0 0 31W * *", "2026-05-01T00:00:00Z", {"2026-05-29 00:00:00", "2026-07-31 00:00:00"}},
            {"0 0 * * 5#2", "2026-01-01T00:00:00Z", {"2026-01-09 00:00:00", "2026-02-13 00:00:00"}},
            {"0 0 * * 5#5", "2026-01-01T00:00:00Z", {"2026-01-30 00:00:00", "2026-05-29 00:00:00"}},
            {"0 0 * * friL", "2026-01-01T00:00:00Z", {"2026-01-30 00:00:00", "2026-02-27 00:00:00"}},
            {"0 0 13 * 5",
             "2026-02-01T00:00:00Z",
             {"2026-02-06 00:00:00", "2026-02-13 00:00:00", "2026-02-20 00:00:00", "2026-02-27 00:00:00",
              "2026-03-06 00:00:00", "2026-03-13 00:00:00"}},
            {"0 0 13 * &5",
             "2026-01-01T00:00:00Z",
             {"2026-02-13 00:00:00", "2026-03-13 00:00:00", "2026-11-13 00:00:00"}},
            {"0 0 */2 * 1", "2026-01-01T00:00:00Z", {"2026-01-05 00:00:00", "2026-01-19 00:00:00"}},
            {"@hourly", "2026-01-01T00:00:00Z", {"2026-01-01 01:00:00"}},
            {"@daily", "2026-01-01T00:00:00Z", {"2026-01-02 00:00:00"}},
            {"@weekly", "2026-01-01T00:00:00Z", {"2026-01-04 00:00:00"}},
            {"@monthly", "2026-01-01T00:00:00Z", {"2026-02-01 00:00:00"}},
            {"@yearly", "2026-01-01T00:00:00Z", {"2027-01-01 00:00:00"}},
        };

        for (const auto& [text, from, slots] : cases)
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, joined(slots), joined(localSlots(text, "UTC", from, slots.size())));
    }

    void aSkippedLocalTimeComesAtTheEndOfTheGap() {
        const auto slots = localSlots("30 2 * * *", "Europe/Paris", "2026-03-27T12:00:00Z", 3);

        CPPUNIT_ASSERT_EQUAL(joined({"2026-03-28 02:30:00", "2026-03-29 03:00:00", "2026-03-30 02:30:00"}),
                             joined(slots));
    }

    void skippedTimesAndTheOneAtTheEndOfTheGapMerge() {
        const auto slots = localSlots("0,30 2,3 * * *", "Europe/Paris", "2026-03-29T00:00:00Z", 3);

        CPPUNIT_ASSERT_EQUAL(joined({"2026-03-29 03:00:00", "2026-03-29 03:30:00", "2026-03-30 02:00:00"}),
                             joined(slots));
    }

    void aRepeatedLocalTimeComesAtItsFirstPass() {
        const auto schedule = Schedule::parse("30 2 * * *", "Europe/Paris", "job");

        const auto first = schedule->next(instant("2026-10-24T12:00:00Z"));
        const auto second = schedule->next(first.value());

        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-25T00:30:00.000Z"), toRfc3339(first.value()));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-26T01:30:00.000Z"), toRfc3339(second.value()));
    }

    void aStarFollowsRealTime() {
        const auto schedule = Schedule::parse("*/5 * * * *", "Europe/Paris", "job");

        for (const auto* day : {"2026-03-29T00:00:00Z", "2026-10-25T00:00:00Z"}) {
            auto at = instant(day);
            for (int slot = 0; slot < 60; ++slot) {
                const auto next = schedule->next(at);
                CPPUNIT_ASSERT_EQUAL(toRfc3339(at + 5min), toRfc3339(next.value()));
                at = *next;
            }
        }
        CPPUNIT_ASSERT_EQUAL(joined({"2026-03-28 02:59:00", "2026-03-30 02:00:00"}),
                             joined(localSlots("* 2 * * *", "Europe/Paris", "2026-03-28T01:58:00Z", 2)));
    }

    void everyCountsFrom1970() {
        const auto schedule = Schedule::parse("every 7m", "Asia/Kathmandu", "job");

        const auto next = schedule->next(instant("1970-01-01T00:00:00Z"));
        const auto later = schedule->next(instant("2026-03-01T12:34:56Z"));

        CPPUNIT_ASSERT_EQUAL(std::string("1970-01-01T00:07:00.000Z"), toRfc3339(next.value()));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, later->time_since_epoch() / 1us % (7 * 60'000'000));
        CPPUNIT_ASSERT(*later - instant("2026-03-01T12:34:56Z") <= 7min);
        CPPUNIT_ASSERT_EQUAL(std::string("1970-01-01T00:00:01.500Z"),
                             toRfc3339(Schedule::parse("@every 1500ms", "UTC", "")->next(TimePoint{}).value()));
        CPPUNIT_ASSERT_EQUAL(
            std::string("1970-01-01T00:00:00.000Z"),
            toRfc3339(Schedule::parse("every 7m", "UTC", "")->next(instant("1969-12-31T23:59:59Z")).value()));
    }

    void theRuleOfTheZoneIsCarriedOnTo2200() {
        CPPUNIT_ASSERT_EQUAL(joined({"2199-03-31 03:00:00", "2199-04-01 02:30:00"}),
                             joined(localSlots("30 2 * * *", "Europe/Paris", "2199-03-30T12:00:00Z", 2)));
        CPPUNIT_ASSERT_EQUAL(
            std::string("2199-07-01T10:00:00.000Z"),
            toRfc3339(
                Schedule::parse("0 12 1 7 *", "Europe/Paris", "")->next(instant("2199-01-01T00:00:00Z")).value()));
        CPPUNIT_ASSERT_EQUAL(
            std::string("2199-01-01T01:00:00.000Z"),
            toRfc3339(
                Schedule::parse("0 12 1 1 *", "Australia/Sydney", "")->next(instant("2198-07-01T00:00:00Z")).value()));
    }

    void nothingComesFrom2200On() {
        for (const auto* zone : {"UTC", "Europe/Paris", "Pacific/Kiritimati"})
            for (const auto* text : {"* * * * *", "0 0 * * *", "every 90s"}) {
                const auto schedule = Schedule::parse(text, zone, "job");
                CPPUNIT_ASSERT_MESSAGE(text, !schedule->next(instant("2200-01-01T00:00:00Z")));
                CPPUNIT_ASSERT_MESSAGE(text, !schedule->next(instant("2199-12-31T23:59:59Z")));
                CPPUNIT_ASSERT_MESSAGE(text, schedule->next(instant("2199-12-30T00:00:00Z")));
            }
    }

    void anyInstantMayBeAskedFor() {
        for (const auto* zone : {"UTC", "Europe/Paris", "America/Juneau"})
            for (const auto* text : {"* * * * *", "0 0 29 2 *", "every 366d"}) {
                const auto schedule = Schedule::parse(text, zone, "job");
                CPPUNIT_ASSERT_MESSAGE(text, schedule->next(TimePoint::min()));
                CPPUNIT_ASSERT_MESSAGE(text, !schedule->next(TimePoint::max()));
            }
    }

    void theNameDecidesWhatHStandsFor() {
        std::set<std::string> slots;
        for (int job = 0; job < 100; ++job) {
            const std::string name = "job" + std::to_string(job);
            const auto schedule = Schedule::parse("H H(0-7) * * *", "UTC", name);
            CPPUNIT_ASSERT(schedule->usesSeed());
            const auto slot = schedule->next(instant("2026-01-01T00:00:00Z"));
            CPPUNIT_ASSERT(slot < instant("2026-01-01T08:00:00Z"));
            CPPUNIT_ASSERT(slot == Schedule::parse("H H(0-7) * * *", "UTC", name)->next(*slot - 1s));
            slots.insert(toRfc3339(*slot));
        }
        CPPUNIT_ASSERT(slots.size() > 80);
        CPPUNIT_ASSERT(!Schedule::parse("1 2 * * *", "UTC", "job")->usesSeed());
        // Pinned: no release may move the slots of a job.
        CPPUNIT_ASSERT_EQUAL(joined({"2026-10-03 04:54:00"}),
                             joined(localSlots("H H H H H", "UTC", "2026-01-01T00:00:00Z", 1)));
        CPPUNIT_ASSERT_EQUAL(joined({"2026-01-01 09:09:00", "2026-01-01 09:24:00", "2026-01-01 09:39:00",
                                     "2026-01-01 09:54:00", "2026-01-01 13:09:00"}),
                             joined(localSlots("H/15 H(9-17)/4 * * *", "UTC", "2026-01-01T00:00:00Z", 5)));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ScheduleTest);
