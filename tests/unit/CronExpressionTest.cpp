#include "schedule/CronExpression.h"

#include "schedule/Schedule.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <random>
#include <string>

using namespace carillon;

namespace {

/// Why `text` is refused; empty when it is not.
std::string refusalOf(const std::string& text) {
    try {
        Schedule::parse(text, "UTC", "job");
        return "";
    } catch (const ScheduleError& e) {
        return e.message();
    }
}

}  // namespace

class CronExpressionTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CronExpressionTest);
    CPPUNIT_TEST(whatIsRightIsAccepted);
    CPPUNIT_TEST(whatIsWrongIsRefusedByFieldAndItem);
    CPPUNIT_TEST(datesThatNeverComeAreRefused);
    CPPUNIT_TEST(rareDatesAreAccepted);
    CPPUNIT_TEST(anyBytesAreParsedOrRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatIsRightIsAccepted() {
        for (const auto* text : {"* * * * *",
                                 "* * * * * *",
                                 "0 0 1 1 0",
                                 "59 23 31 12 7",
                                 "59 59 23 31 12 7",
                                 "*/60 */24 */31 */12 */7",
                                 "0 0 * JAN-Mar mOn",
                                 "0 0 ? * ?",
                                 "22-2 22-2 28-3 nov-feb fri-mon",
                                 "3/10 3/10 3/10 3/10 3/2",
                                 "10-30/5,45,50-58/2 * * * *",
                                 "*,5 * * * *",
                                 "0 0 L * *",
                                 "0 0 l * *",
                                 "0 0 L-30 1 *",
                                 "0 0 LW * *",
                                 "0 0 WL * *",
                                 "0 0 1W,15W,L * *",
                                 "0 0 * * 5#2",
                                 "0 0 * * fri#5,monL,7L",
                                 "0 0 * * 0-7",
                                 "0 0 * * 7-2",
                                 "0 0 * * 5-7",
                                 "0 0 * * &5",
                                 "0 0 13 * &fri",
                                 "H H H H H",
                                 "H/5 H(0-7) * * *",
                                 "h(0-29)/10 * * * *",
                                 "0 0 * * H(1-5)",
                                 "0 0 H(1-31) * *",
                                 "  0\t0  *   * * ",
                                 "@hourly",
                                 "@DAILY",
                                 "@midnight",
                                 "@weekly",
                                 "@monthly",
                                 "@yearly",
                                 "@annually",
                                 "@every 90s",
                                 "every 1s",
                                 "Every 366d",
                                 "every  5m",
                                 "every 1500ms",
                                 "007 0 * * *",
                                 "*/90 */48 */45 */15 */14",
                                 "0-59/100 * * * *",
                                 "50/15 1/25 * * *",
                                 "5,5,5-5 00,08 * * *",
                                 "1-5,*/2 * * * *",
                                 "0 0 * * SUN-Tue,5-7/2"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(), refusalOf(text));
    }

    void whatIsWrongIsRefusedByFieldAndItem() {
        struct Case {
            const char* text;
            const char* problem;
        };
        const Case cases[] = {
            {"60 * * * *", "its minute field has 60, expected 0 to 59"},
            {"60 * * * * *", "its second field has 60, expected 0 to 59"},
            {"* 24 * * *", "its hour field has 24, expected 0 to 23"},
            {"* * 0 * *", "its day-of-month field has 0, expected 1 to 31"},
            {"* * 32 * *", "its day-of-month field has 32, expected 1 to 31"},
            {"* * * 13 *", "its month field has 13, expected 1 to 12 or jan to dec"},
            {"* * * mon *", "its month field has mon, expected 1 to 12 or jan to dec"},
            {"* * * * 8", "its weekday field has 8, expected 0 to 7 (0 and 7 are Sunday) or sun to sat"},
            {"* * * * monday", "its weekday field has monday, expected 0 to 7"},
            {"5,70 * * * *", "its minute field has 70, expected 0 to 59"},
            {"*/0 * * * *", "its minute field has */0, expected a step of 1 or more"},
            {"*/-5 * * * *", "its minute field has */-5, expected a step of 1 or more"},
            {"*/9999999999 * * * *", "its minute field has */9999999999, expected a step of 1 or more"},
            {"*/ * * * *", "its minute field has */, expected a step of 1 or more"},
            {"*/5/2 * * * *", "its minute field has */5/2, expected a step"},
            {"1,,2 * * * *", "its minute field has an empty item, expected a value on each side of a comma"},
            {"1, * * * *", "its minute field has an empty item"},
            {",1 * * * *", "its minute field has an empty item"},
            {"-5 * * * *", "its minute field has -5, expected 0 to 59"},
            {"5- * * * *", "its minute field has 5-, expected 0 to 59"},
            {"1-2-3 * * * *", "its minute field has 1-2-3, expected 0 to 59"},
            {"1--3 * * * *", "its minute field has 1--3, expected 0 to 59"},
            {"+5 * * * *", "its minute field has +5, expected 0 to 59"},
            {"5x * * * *", "its minute field has 5x, expected 0 to 59"},
            {"1.5 * * * *", "its minute field has 1.5, expected 0 to 59"},
            {"99999999999999999999 * * * *", "its minute field has 99999999999999999999, expected 0 to 59"},
            {"? * * * *", "its minute field has ?, expected *"},
            {"** * * * *", "its minute field has **, expected 0 to 59"},
            {"*-5 * * * *", "its minute field has *-5, expected 0 to 59"},
            {"L * * * *", "its minute field has L, expected 0 to 59"},
            {"* * * L *", "its month field has L, expected 1 to 12"},
            {"0 0 * * L", "its weekday field has L, expected a weekday before it"},
            {"0 0 L-0 * *", "its day-of-month field has L-0, expected L-1 to L-30"},
            {"0 0 L-31 * *", "its day-of-month field has L-31, expected L-1 to L-30"},
            {"0 0 L/2 * *", "its day-of-month field has L/2, expected no step after a single day"},
            {"0 0 0W * *", "its day-of-month field has 0W, expected 1W to 31W"},
            {"0 0 W * *", "its day-of-month field has W, expected 1W to 31W"},
            {"0 0 1-5W * *", "its day-of-month field has 1-5W, expected 1W to 31W"},
            {"0 0 * * 5#0", "its weekday field has 5#0, expected a number from 1 to 5 after #"},
            {"0 0 * * 5#6", "its weekday field has 5#6, expected a number from 1 to 5 after #"},
            {"0 0 * * 5#", "its weekday field has 5#, expected a number from 1 to 5 after #"},
            {"0 0 * * #2", "its weekday field has #2, expected 0 to 7"},
            {"0 0 * * &", "its weekday field has an empty item"},
            {"0 0 &1 * *", "its day-of-month field has &1, expected 1 to 31"},
            {"H(7-0) * * * *", "its minute field has H(7-0), expected the lower value first"},
            {"H(0-60) * * * *", "its minute field has H(0-60), expected 0 to 59"},
            {"H(5) * * * *", "its minute field has H(5), expected H, H/5, H(0-7) or H(0-29)/10"},
            {"H(0-7 * * * *", "its minute field has H(0-7, expected H, H/5"},
            {"H-5 * * * *", "its minute field has H-5, expected H, H/5"},
            {"H/0 * * * *", "its minute field has H/0, expected a step from 1 to 60"},
            {"H(0-4)/6 * * * *", "its minute field has H(0-4)/6, expected a step from 1 to 5"},
            {"0 0 * * H(5-7)", "its weekday field has H(5-7), expected 0 rather than 7 for Sunday"},
            {"*/5\u00a0*\u00a0*\u00a0*\u00a0*", " has U+00A0 no-break space after */5; write a plain space"},
            {"0 9 * * 1\u20135", " has U+2013 en dash after 1; write a plain -"},
            {"0 2 * * *\u200b", " has U+200B zero-width space after *; remove it"},
            {"0 2 * * \u2217", " has U+2217 asterisk operator after *; write a plain *"},
            {"every\u202f5m", " has U+202F narrow no-break space after every; write a plain space"},
            {"\u201c@daily\u201d", " has U+201C quotation mark at the beginning"},
            {"", " is empty, expected 5 fields"},
            {"  \t", " is empty, expected 5 fields"},
            {"* * * *", " has 4 fields, expected 5 fields"},
            {"*", " has 1 field, expected 5 fields"},
            {"0 0 1 1 * 2026 2027", " has 7 fields, expected 5 fields"},
            {"0 0 1 1 * 2026 2027", "; there is no year field"},
            {"@reboot", " names no time"},
            {"@fortnightly", " begins with @fortnightly, expected @hourly"},
            {"@daily 5", " has 5 after @daily, expected nothing there"},
            {"every", ": expected one duration after every, such as 90s"},
            {"every 5", ": expected one duration after every"},
            {"every 5m x", ": expected one duration after every"},
            {"every 0s", "(1s to 366d)"},
            {"@every 999ms", "(1s to 366d)"},
            {"every 367d", "(1s to 366d)"},
            {"every -5m", ": expected one duration"},
        };

        for (const auto& [text, problem] : cases) {
            const std::string refusal = refusalOf(text);
            CPPUNIT_ASSERT_MESSAGE(std::string(text) + " gives: " + refusal,
                                   refusal.starts_with("schedule '" + std::string(text) + "'") &&
                                       refusal.find(problem) != std::string::npos);
        }
    }

    void datesThatNeverComeAreRefused() {
        for (const auto* text : {"0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 30,31 feb ?", "0 0 L-29 2 *",
                                 "0 0 31W 6 *", "0 0 30 2 &5", "0 0 1 * &5#5", "0 0 */31 2 &1#5", "0 0 31 2 */2"})
            CPPUNIT_ASSERT_MESSAGE(text, refusalOf(text).find("' never comes: month ") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(
            std::string("schedule '0 0 31 2 *' never comes: month 2 has no day 31, expected a date that "
                        "some year has"),
            refusalOf("0 0 31 2 *"));
    }

    void rareDatesAreAccepted() {
        for (const auto* text :
             {"0 0 29 2 *", "0 0 29 2 &1#5", "0 0 31 2 5", "0 0 L-28 2 *", "0 0 30 2,3 *", "0 0 29W 2 *", "0 0 L 2 &0"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string(), refusalOf(text));
    }

    void anyBytesAreParsedOrRefused() {
        constexpr std::string_view kLikely = "0123456789 0123456789 *,-/?LW#H()&@ \tjanmonfrievery";
        std::mt19937 random(20260329);
        const auto below = [&random](std::size_t limit) { return random() % limit; };
        std::size_t accepted = 0;
        std::size_t refused = 0;

        for (int n = 0; n < 200'000; ++n) {
            std::string text(below(24), ' ');
            const bool wild = below(4) == 0;
            for (auto& c : text) c = wild ? static_cast<char>(below(256)) : kLikely[below(kLikely.size())];
            // Every other one is a right expression with one byte exchanged.
            if (n % 2 == 0) {
                text = "10-30/5 H(0-7)/2 L-3,15W jan-mar fri#2,5L";
                text[below(text.size())] = wild ? static_cast<char>(below(256)) : kLikely[below(kLikely.size())];
            }
            const std::string refusal = refusalOf(text);
            ++(refusal.empty() ? accepted : refused);
        }

        CPPUNIT_ASSERT(accepted > 1000);
        CPPUNIT_ASSERT(refused > 100'000);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CronExpressionTest);
