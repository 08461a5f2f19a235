#include "calendar/TimeWindows.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "ScheduleTexts.h"
#include "schedule/ZoneDatabase.h"

using namespace carillon;

/// Days of November 2026: the 22nd is a Sunday. Quiet hours are tested with the alerts.
class TimeWindowsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TimeWindowsTest);
    CPPUNIT_TEST(windowOfEachDay);
    CPPUNIT_TEST(windowOfSomeWeekdays);
    CPPUNIT_TEST(windowFromOneWeekdayToAnother);
    CPPUNIT_TEST(windowOfAWholeWeek);
    CPPUNIT_TEST(windowThatComesOnce);
    CPPUNIT_TEST(windowsThatMeetEndTogether);
    CPPUNIT_TEST(windowsWithoutAGapEndFarAway);
    CPPUNIT_TEST(clocksOnTheWallCount);
    CPPUNIT_TEST(whatIsNoWindowIsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void windowOfEachDay() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-24 14:00"), endOf("12:00-14:00", "2026-11-24T12:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), endOf("12:00-14:00", "2026-11-24T14:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-25 06:30"), endOf("22:00-06:30", "2026-11-24T23:15:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), endOf("12:00-12:00", "2026-11-24T12:00:00Z"));
    }

    void windowOfSomeWeekdays() {
        const std::string text = "Mon-Fri 22:00-06:00, Sat 10:00-11:00";

        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-28 06:00"), endOf(text, "2026-11-28T05:00:00Z"));  // since Friday
        CPPUNIT_ASSERT_EQUAL(std::string("none"), endOf(text, "2026-11-28T23:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-28 11:00"), endOf(text, "2026-11-28T10:30:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), endOf(text, "2026-11-29T10:30:00Z"));
        // Those that pass the end of the week.
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-29 11:00"), endOf("Sat-Mon 10:00-11:00", "2026-11-29T10:30:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), endOf("Sat-Mon 10:00-11:00", "2026-11-24T10:30:00Z"));
    }

    void windowFromOneWeekdayToAnother() {
        const std::string text = "Fri 18:00-Mon 07:00";

        CPPUNIT_ASSERT_EQUAL(std::string("none"), endOf(text, "2026-11-20T17:59:59Z"));
        for (const auto* now : {"2026-11-20T18:00:00Z", "2026-11-22T12:00:00Z", "2026-11-23T06:59:59Z"})
            CPPUNIT_ASSERT_EQUAL(std::string("2026-11-23 07:00"), endOf(text, now));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), endOf(text, "2026-11-23T07:00:00Z"));
    }

    void windowOfAWholeWeek() {
        const std::string text = "Mon 08:00-Mon 06:00";

        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-30 06:00"), endOf(text, "2026-11-23T08:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-30 06:00"), endOf(text, "2026-11-30T05:59:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), endOf(text, "2026-11-30T07:00:00Z"));
    }

    void windowThatComesOnce() {
        const std::string text = "2026-12-24 18:00-2026-12-26 08:00, 2027-01-02 10:00-12:00";

        CPPUNIT_ASSERT_EQUAL(std::string("none"), endOf(text, "2026-12-24T17:59:59Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-12-26 08:00"), endOf(text, "2026-12-25T00:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), endOf(text, "2027-12-25T00:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("2027-01-02 12:00"), endOf(text, "2027-01-02T11:00:00Z"));
    }

    void windowsThatMeetEndTogether() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-24 16:00"),
                             endOf("12:00-14:00, 13:30-15:00, 15:00-16:00", "2026-11-24T12:30:00Z"));
    }

    void windowsWithoutAGapEndFarAway() {
        const auto end = TimeWindows::parse("00:00-12:00, 12:00-00:00")
                             ->endAfter(instant("2026-11-24T12:30:00Z"), *findTimeZone("UTC"));

        CPPUNIT_ASSERT(end > instant("2027-01-01T00:00:00Z"));
    }

    void clocksOnTheWallCount() {
        const auto paris = findTimeZone("Europe/Paris");
        const auto windows = *TimeWindows::parse("Sat 22:00-Sun 03:00");

        // 2026-10-25: 03:00 becomes 02:00 at 01:00 UTC; 02:30 lies in it both times.
        CPPUNIT_ASSERT(instant("2026-10-25T02:00:00Z") == windows.endAfter(instant("2026-10-25T00:30:00Z"), *paris));
        CPPUNIT_ASSERT(instant("2026-10-25T02:00:00Z") == windows.endAfter(instant("2026-10-25T01:30:00Z"), *paris));
        // 2026-03-29: 02:00 becomes 03:00 at 01:00 UTC.
        CPPUNIT_ASSERT(instant("2026-03-29T01:00:00Z") == windows.endAfter(instant("2026-03-28T23:00:00Z"), *paris));
        CPPUNIT_ASSERT(!windows.endAfter(instant("2026-03-29T01:00:00Z"), *paris));
        // A window that is skipped whole takes nothing.
        CPPUNIT_ASSERT(!TimeWindows::parse("02:10-02:50")->endAfter(instant("2026-03-29T01:00:00Z"), *paris));
    }

    void whatIsNoWindowIsRefused() {
        for (const auto* text : {"",
                                 ",",
                                 "12:00",
                                 "12:00-",
                                 "12-14",
                                 "12:00-24:00",
                                 "12:60-13:00",
                                 "1:00-2:00",
                                 "12:00-14:00,",
                                 "12:00-14:00 x",
                                 "Sat 22:00-Sun",
                                 "Sat-Sun",
                                 "Mon-Fri 08:00-Sat 09:00",
                                 "sat 22:00-sun 06:00",
                                 "Samedi 22:00-23:00",
                                 "Sat22:00-23:00",
                                 "Sat 22:00-Sat 22:00",
                                 "2026-12-24 18:00-2026-12-24 18:00",
                                 "2026-12-26 18:00-2026-12-24 18:00",
                                 "2026-02-30 18:00-19:00",
                                 "2026-12-24-2026-12-26",
                                 "-1:00-02:00",
                                 "12:00-14:00;"})
            CPPUNIT_ASSERT_MESSAGE(text, !TimeWindows::parse(text));
    }

private:
    /// In UTC: `2026-11-24 14:00`.
    static std::string endOf(const std::string& windows, const std::string& now) {
        const auto parsed = TimeWindows::parse(windows);
        CPPUNIT_ASSERT_MESSAGE(windows, parsed.has_value());
        const auto end = parsed->endAfter(instant(now), *findTimeZone("UTC"));
        return end ? toRfc3339(*end).replace(10, 1, " ").substr(0, 16) : "none";
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TimeWindowsTest);
