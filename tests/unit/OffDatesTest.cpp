#include "calendar/CalendarWords.h"
#include "calendar/OffDates.h"
#include "schedule/ZoneDatabase.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;

/// What lies ahead of a calendar, in Paris: days off, where they move to, and the times of blackouts.
class OffDatesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OffDatesTest);
    CPPUNIT_TEST(daysOffTellWhereTheirSlotsMove);
    CPPUNIT_TEST(windowsComeOnTheirWeekdays);
    CPPUNIT_TEST(windowsAndEventsAreInOrder);
    CPPUNIT_TEST(whatIsOverIsLeftOut);
    CPPUNIT_TEST(windowsOfChangedClocksHaveTheirLength);
    CPPUNIT_TEST_SUITE_END();

public:
    void daysOffTellWhereTheirSlotsMove() {
        const auto dates = daysOffAfter(offOf("", DaysOffRule::NextWorkingDay), at("2026-12-24T12:00"), 3);

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, dates.size());
        CPPUNIT_ASSERT_EQUAL(std::string("Fri 2026-12-25 (Noël), moved to Mon 2026-12-28"),
                             dayOffInWords(dates[0], *_zone, Language::English));
        CPPUNIT_ASSERT_EQUAL(std::string("ven. 25/12/2026 (Noël), reportées au lun. 28/12/2026"),
                             dayOffInWords(dates[0], *_zone, Language::French));
        CPPUNIT_ASSERT_EQUAL(
            std::string("Fri 2026-12-25 (Noël)"),
            dayOffInWords(daysOffAfter(offOf(""), at("2026-12-25T12:00"), 1).front(), *_zone, Language::English));
    }

    void windowsComeOnTheirWeekdays() {
        const auto dates = blackoutsAfter(offOf("Sat 22:00-Sun 06:00"), at("2026-12-01T12:00"), 10);

        CPPUNIT_ASSERT_EQUAL(std::size_t{10}, dates.size());
        CPPUNIT_ASSERT_EQUAL(std::string("Sat 2026-12-05 22:00 to Sun 2026-12-06 06:00"),
                             blackoutInWords(dates[0], *_zone, Language::English));
        CPPUNIT_ASSERT_EQUAL(std::string("du sam. 12/12/2026 à 22:00 au dim. 13/12/2026 à 06:00"),
                             blackoutInWords(dates[1], *_zone, Language::French));
    }

    void windowsAndEventsAreInOrder() {
        const OffTimes off({{}, DaysOffRule::Skip, *TimeWindows::parse("12:00-14:00")}, {},
                           {{at("2026-12-02T13:00"), at("2026-12-02T15:00"), "travaux"}}, _zone);

        const auto dates = blackoutsAfter(off, at("2026-12-02T12:30"), 3);

        CPPUNIT_ASSERT_EQUAL(std::string("window travaux window"), names(dates));
        CPPUNIT_ASSERT_EQUAL(std::string("mer. 02/12/2026 de 13:00 à 15:00 (travaux)"),
                             blackoutInWords(dates[1], *_zone, Language::French));
        CPPUNIT_ASSERT_EQUAL(std::string("Thu 2026-12-03 12:00 to 14:00"),
                             blackoutInWords(dates[2], *_zone, Language::English));
    }

    void whatIsOverIsLeftOut() {
        const OffTimes off({{}, DaysOffRule::Skip, *TimeWindows::parse("2026-12-24 18:00-2026-12-26 08:00")}, {},
                           {{at("2026-11-02T13:00"), at("2026-11-02T15:00"), "over"}}, _zone);

        CPPUNIT_ASSERT_EQUAL(std::string("window"), names(blackoutsAfter(off, at("2026-12-26T07:59"), 10)));
        CPPUNIT_ASSERT(blackoutsAfter(off, at("2026-12-26T08:00"), 10).empty());
    }

    void windowsOfChangedClocksHaveTheirLength() {
        const OffTimes off = offOf("02:00-03:00");
        const auto autumn = blackoutsAfter(off, at("2026-10-25T00:00"), 1).front();

        CPPUNIT_ASSERT_EQUAL(std::int64_t{120}, (autumn.until - autumn.from) / 1min);
        const auto spring = blackoutsAfter(off, at("2026-03-29T00:00"), 1).front();
        CPPUNIT_ASSERT(spring.from == at("2026-03-30T02:00"));
    }

private:
    TimePoint at(const std::string& local) const {
        int parts[5] = {};
        std::sscanf(local.c_str(), "%d-%d-%dT%d:%d", &parts[0], &parts[1], &parts[2], &parts[3], &parts[4]);
        const std::chrono::local_days day(std::chrono::year(parts[0]) / parts[1] / parts[2]);
        return TimePoint(
            _zone->toUtc(day + std::chrono::hours(parts[3]) + std::chrono::minutes(parts[4])).time_since_epoch());
    }
    OffTimes offOf(const std::string& blackout, DaysOffRule rule = DaysOffRule::Skip) const {
        DaysOff days;
        if (blackout.empty()) {
            days.add(FrenchRegion::Interior);
            days.addWeekends();
        }
        days.settle();
        return OffTimes({{}, rule, blackout.empty() ? TimeWindows() : *TimeWindows::parse(blackout)}, days, {}, _zone);
    }
    static std::string names(const std::vector<OffDate>& dates) {
        std::string all;
        for (const auto& date : dates) all += (all.empty() ? "" : " ") + (date.name.empty() ? "window" : date.name);
        return all;
    }

    const std::shared_ptr<const TimeZone> _zone = findTimeZone("Europe/Paris");
};
CPPUNIT_TEST_SUITE_REGISTRATION(OffDatesTest);
