#include "calendar/FrenchHolidays.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <cstddef>
#include <string>

#include "calendar/DaysOff.h"

using namespace carillon;
using namespace std::chrono;

class FrenchHolidaysTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FrenchHolidaysTest);
    CPPUNIT_TEST(easterIsThatOfTheTables);
    CPPUNIT_TEST(everyEasterIsASundayBetweenItsBounds);
    CPPUNIT_TEST(yearHasElevenHolidaysWithTheirNames);
    CPPUNIT_TEST(alsaceAndMoselleHaveTwoMore);
    CPPUNIT_TEST(holidayThatFallsOnAnotherIsOneDay);
    CPPUNIT_TEST(nameOfAHolidayComesBeforeThatOfAWeekend);
    CPPUNIT_TEST(workingDayBehindDaysOff);
    CPPUNIT_TEST(calendarOfAllDaysHasNoWorkingDay);
    CPPUNIT_TEST_SUITE_END();

public:
    void easterIsThatOfTheTables() {
        // The earliest and the latest that there is, leap years, and those around today.
        for (const auto date :
             {1598y / March / 22, 1818y / March / 22, 1943y / April / 25, 2000y / April / 23, 2008y / March / 23,
              2011y / April / 24, 2024y / March / 31, 2025y / April / 20, 2026y / April / 5, 2027y / March / 28,
              2028y / April / 16, 2038y / April / 25, 2285y / March / 22})
            CPPUNIT_ASSERT(local_days(date) == easterOf(date.year()));
    }

    void everyEasterIsASundayBetweenItsBounds() {
        for (year y{1583}; y <= year{2299}; ++y) {
            const auto easter = easterOf(y);
            CPPUNIT_ASSERT(weekday(easter) == Sunday);
            CPPUNIT_ASSERT(easter >= local_days(y / March / 22) && easter <= local_days(y / April / 25));
        }
    }

    void yearHasElevenHolidaysWithTheirNames() {
        CPPUNIT_ASSERT_EQUAL(std::string("1/1 Jour de l’an, 4/6 Lundi de Pâques, 5/1 Fête du Travail, "
                                         "5/8 Victoire 1945, 5/14 Ascension, 5/25 Lundi de Pentecôte, "
                                         "7/14 Fête nationale, 8/15 Assomption, 11/1 Toussaint, "
                                         "11/11 Armistice 1918, 12/25 Noël"),
                             listed(2026y, FrenchRegion::Interior));
    }

    void alsaceAndMoselleHaveTwoMore() {
        const auto all = listed(2027y, FrenchRegion::AlsaceMoselle);

        CPPUNIT_ASSERT(all.find("3/26 Vendredi saint, 3/29 Lundi de Pâques") != std::string::npos);
        CPPUNIT_ASSERT(all.ends_with("12/25 Noël, 12/26 Saint-Étienne"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{13}, frenchHolidays(2027y, FrenchRegion::AlsaceMoselle).size());
    }

    void holidayThatFallsOnAnotherIsOneDay() {
        DaysOff days;
        days.add(FrenchRegion::Interior);
        days.settle();

        // In 2008 Ascension was on 1 May.
        CPPUNIT_ASSERT(local_days(2008y / May / 1) == easterOf(2008y) + std::chrono::days(39));
        CPPUNIT_ASSERT_EQUAL(std::string("Fête du Travail"), nameOf(days, 2008y / May / 1));
    }

    void nameOfAHolidayComesBeforeThatOfAWeekend() {
        DaysOff days;
        days.addWeekends();
        days.add(FrenchRegion::Interior);
        days.settle();

        CPPUNIT_ASSERT_EQUAL(std::string("Assomption"), nameOf(days, 2026y / August / 15));  // a Saturday
        CPPUNIT_ASSERT_EQUAL(std::string("weekend"), nameOf(days, 2026y / August / 16));
        CPPUNIT_ASSERT_EQUAL(std::string(), nameOf(days, 2026y / August / 17));
    }

    void workingDayBehindDaysOff() {
        DaysOff days;
        days.addWeekends();
        days.add(FrenchRegion::Interior);
        days.settle();

        // Christmas 2026 is a Friday.
        CPPUNIT_ASSERT(local_days(2026y / December / 28) == days.workingDayAfter(local_days(2026y / December / 25)));
        CPPUNIT_ASSERT(local_days(2026y / December / 24) == days.workingDayAfter(local_days(2026y / December / 23)));
    }

    void calendarOfAllDaysHasNoWorkingDay() {
        DaysOff days;
        for (auto day = local_days(2026y / January / 1); day < local_days(2027y / February / 1);
             day += std::chrono::days(1))
            days.add(day, "closed");
        days.settle();

        CPPUNIT_ASSERT(!days.workingDayAfter(local_days(2026y / January / 1)));
        CPPUNIT_ASSERT(local_days(2027y / February / 1) == days.workingDayAfter(local_days(2026y / January / 31)));
    }

private:
    static std::string nameOf(const DaysOff& days, year_month_day date) {
        return std::string(days.nameOf(local_days(date)).value_or(""));
    }

    static std::string listed(year inYear, FrenchRegion region) {
        std::string text;
        for (const auto& [day, name] : frenchHolidays(inYear, region)) {
            const year_month_day date(day);
            text += (text.empty() ? "" : ", ") + std::to_string(static_cast<unsigned>(date.month())) + '/' +
                    std::to_string(static_cast<unsigned>(date.day())) + ' ' + std::string(name);
        }
        return text;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(FrenchHolidaysTest);
