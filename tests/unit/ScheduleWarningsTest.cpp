#include "schedule/words/ScheduleWords.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <utility>

using namespace carillon;

class ScheduleWarningsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ScheduleWarningsTest);
    CPPUNIT_TEST(whatIsMeantHasNoWarning);
    CPPUNIT_TEST(stepBeyondItsRangeSaysWhatFiresAndWhatToWrite);
    CPPUNIT_TEST(eachItemHasItsOwn);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatIsMeantHasNoWarning() {
        // A step as long as the field is every hour, day, month, year: what its author meant.
        for (const auto* text :
             {"*/5 * * * *", "*/60 * * * *", "0 */24 * * *", "0 0 */31 * *", "0 0 1 */12 *", "0 0 * * */7",
              "22-2/5 * * * *", "0 22-2/5 * * *", "5-7 * * * 5-7/3", "H/30 * * * *", "every 90m", "@daily", "L", ""})
            CPPUNIT_ASSERT_MESSAGE(text, warningsOfSchedule(text).empty());
    }

    void stepBeyondItsRangeSaysWhatFiresAndWhatToWrite() {
        const std::pair<const char*, const char*> cases[] = {
            {"*/90 * * * *", "*/90 in the minute field fires at minute 0 only; for every 90 minutes write 'every 90m'"},
            {"0-59/100 * * * *",
             "0-59/100 in the minute field fires at minute 0 only; for every 100 minutes write 'every 100m'"},
            {"50/15 * * * *",
             "50/15 in the minute field fires at minute 50 only; for every 15 minutes write 'every 15m'"},
            {"*/90 * * * * *",
             "*/90 in the second field fires at second 0 only; for every 90 seconds write 'every 90s'"},
            {"0 */48 * * *", "*/48 in the hour field fires at hour 0 only; for every 48 hours write 'every 48h'"},
            {"0 22-2/6 * * *", "22-2/6 in the hour field fires at hour 22 only; for every 6 hours write 'every 6h'"},
            {"0 0 */45 * *", "*/45 in the day-of-month field fires on day 1 only; for every 45 days write 'every 45d'"},
            {"0 0 1 */15 *", "*/15 in the month field fires in January only; no schedule means every 15 months"},
            {"0 0 * * */14", "*/14 in the weekday field fires on Sundays only; for every 14 days write 'every 14d'"},
            {"0 0 * * Mon-fri/8",
             "Mon-fri/8 in the weekday field fires on Mondays only; for every 8 days write 'every 8d'"},
            {"0 0 */1000 * *",
             "*/1000 in the day-of-month field fires on day 1 only; no schedule means every 1000 days"}};
        for (const auto& [text, expected] : cases) {
            const auto warnings = warningsOfSchedule(text);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::size_t{1}, warnings.size());
            CPPUNIT_ASSERT_EQUAL(std::string(expected), warnings[0].text);
        }
    }

    void eachItemHasItsOwn() {
        const auto warnings = warningsOfSchedule("5,*/70,1-3/9 */30 * * *");

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, warnings.size());
        CPPUNIT_ASSERT(warnings[0].text.starts_with("*/70 in the minute field fires at minute 0 only"));
        CPPUNIT_ASSERT(warnings[1].text.starts_with("1-3/9 in the minute field fires at minute 1 only"));
        CPPUNIT_ASSERT(warnings[2].text.starts_with("*/30 in the hour field"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ScheduleWarningsTest);
