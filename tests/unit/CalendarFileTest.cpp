#include "calendar/CalendarFile.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "ScheduleTexts.h"
#include "schedule/ZoneDatabase.h"

using namespace carillon;
using namespace std::chrono;

namespace {

std::string calendarOf(const std::string& events) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n" + events + "END:VCALENDAR\r\n";
}

std::string eventOf(const std::string& lines) {
    return "BEGIN:VEVENT\r\nUID:1@test\r\nDTSTAMP:20260101T000000Z\r\n" + lines + "END:VEVENT\r\n";
}

}  // namespace

class CalendarFileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CalendarFileTest);
    CPPUNIT_TEST(eventOfAWholeDayTakesItOff);
    CPPUNIT_TEST(eventOfSeveralDaysEndsBeforeItsEnd);
    CPPUNIT_TEST(eventWithTimesTakesItsTime);
    CPPUNIT_TEST(foldedLinesAndEscapesAreOneText);
    CPPUNIT_TEST(anyEndOfLineWillDo);
    CPPUNIT_TEST(yearlyRuleWithoutAnEndGoesOn);
    CPPUNIT_TEST(leapDayComesInLeapYears);
    CPPUNIT_TEST(weeklyRuleWithIntervalCountsWeeks);
    CPPUNIT_TEST(monthlyRulesByDayAndWeekday);
    CPPUNIT_TEST(placesChooseAmongThoseOfAPeriod);
    CPPUNIT_TEST(dailyRuleIsLimitedByMonths);
    CPPUNIT_TEST(ruleEndsByCountAndUntil);
    CPPUNIT_TEST(exceptionsAndFurtherDates);
    CPPUNIT_TEST(oneTimeMayBeAnother);
    CPPUNIT_TEST(cancelledEventDoesNotTakePlace);
    CPPUNIT_TEST(timesFollowTheClocksOfTheirZone);
    CPPUNIT_TEST(whatIsNoEventIsPassedOver);
    CPPUNIT_TEST(whatIsNotUnderstoodIsNamedWithItsLine);
    CPPUNIT_TEST(everyWrongEventIsNamed);
    CPPUNIT_TEST(fileThatIsCutOffIsRefused);
    CPPUNIT_TEST(tooManyEventsAndDaysAreRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void eventOfAWholeDayTakesItOff() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-12-24 Fermeture"),
                             daysOf("DTSTART;VALUE=DATE:20261224\r\nSUMMARY:Fermeture\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-12-24 site.ics"),
                             daysOf("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261224\r\n"));
    }

    void eventOfSeveralDaysEndsBeforeItsEnd() {
        const std::string two = "2026-12-24 x, 2026-12-25 x";

        CPPUNIT_ASSERT_EQUAL(two, daysOf("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261226\r\nSUMMARY:x\r\n"));
        CPPUNIT_ASSERT_EQUAL(two, daysOf("DTSTART:20261224\r\nDURATION:P2D\r\nSUMMARY:x\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-12-24 x, 2026-12-25 x, 2026-12-26 x, 2026-12-27 x, 2026-12-28 x, "
                                         "2026-12-29 x, 2026-12-30 x"),
                             daysOf("DTSTART;VALUE=DATE:20261224\r\nDURATION:P1W\r\nSUMMARY:x\r\n"));
    }

    void eventWithTimesTakesItsTime() {
        const std::string utc = "2026-12-24T13:00:00Z-2026-12-24T17:30:00Z x";

        CPPUNIT_ASSERT_EQUAL(utc, timesOf("DTSTART:20261224T130000Z\r\nDTEND:20261224T173000Z\r\nSUMMARY:x\r\n"));
        CPPUNIT_ASSERT_EQUAL(utc, timesOf("DTSTART;TZID=Europe/Paris:20261224T140000\r\n"
                                          "DURATION:PT4H30M\r\nSUMMARY:x\r\n"));
        CPPUNIT_ASSERT_EQUAL(utc, timesOf("DTSTART;TZID=\"Romance Standard Time\":20261224T140000\r\n"
                                          "DTEND:20261224T173000Z\r\nSUMMARY:x\r\n"));
        // Without a zone it is in that of the job: here Paris.
        CPPUNIT_ASSERT_EQUAL(utc, timesOf("DTSTART:20261224T140000\r\nDTEND:20261224T183000\r\nSUMMARY:x\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string(), timesOf("DTSTART:20261224T140000\r\nSUMMARY:takes no time\r\n"));
    }

    void foldedLinesAndEscapesAreOneText() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-12-24 Ferm\u00e9, jusqu'\u00e0; lundi \\ midi"),
                             daysOf("DTSTART;VALUE=DA\r\n TE:2026\r\n\t1224\r\n"
                                    "SUMMARY:Ferm\u00e9\\, jus\r\n qu'\u00e0\\;\\nlundi \\\\ midi\r\n"));
        const std::string longName = daysOf("DTSTART:20261224\r\nSUMMARY:" + std::string(60, 'x') +
                                            "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9" +
                                            "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\r\n");
        CPPUNIT_ASSERT_MESSAGE(longName, longName.ends_with("\u00e9\u2026"));
        CPPUNIT_ASSERT(longName.size() <= 11 + kLongest);
    }

    void anyEndOfLineWillDo() {
        std::string text = calendarOf(eventOf("DTSTART:20261224\r\nSUMMARY:x\r\n"));
        std::erase(text, '\r');

        CPPUNIT_ASSERT_EQUAL(std::string("2026-12-24 x"), daysIn(text));
        std::replace(text.begin(), text.end(), '\n', '\r');
        CPPUNIT_ASSERT_EQUAL(std::string("2026-12-24 x"), daysIn(text));
    }

    void yearlyRuleWithoutAnEndGoesOn() {
        const CalendarFile file(calendarOf(eventOf("DTSTART:20201109\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:x\r\n")), "");
        DaysOff days;
        file.addTo(days);
        days.settle();

        for (year y{2020}; y < year{2200}; ++y) CPPUNIT_ASSERT(days.isOff(local_days(y / November / 9)));
        CPPUNIT_ASSERT(!days.isOff(local_days(2019y / November / 9)) && !days.isOff(local_days(2026y / November / 10)));
        CPPUNIT_ASSERT(!days.isOff(local_days(2200y / November / 9)));
    }

    void leapDayComesInLeapYears() {
        CPPUNIT_ASSERT_EQUAL(std::string("2024-02-29 x, 2028-02-29 x, 2032-02-29 x"),
                             daysOf("DTSTART:20240229\r\nRRULE:FREQ=YEARLY;COUNT=3\r\nSUMMARY:x\r\n"));
    }

    void weeklyRuleWithIntervalCountsWeeks() {
        // From a Tuesday on, in every other week; weeks begin on Monday, or on Sunday where the rule says so.
        const std::string rule = "DTSTART:19970805\r\nSUMMARY:x\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU";
        CPPUNIT_ASSERT_EQUAL(std::string("1997-08-05 x, 1997-08-10 x, 1997-08-19 x, 1997-08-24 x"),
                             daysOf(rule + ";WKST=MO\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("1997-08-05 x, 1997-08-17 x, 1997-08-19 x, 1997-08-31 x"),
                             daysOf(rule + ";WKST=SU\r\n"));
    }

    void monthlyRulesByDayAndWeekday() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-30 x, 2026-02-27 x, 2026-03-27 x"),
                             daysOf("DTSTART:20260130\r\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=3\r\nSUMMARY:x\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-31 x, 2026-02-28 x, 2026-03-31 x"),
                             daysOf("DTSTART:20260131\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3\r\nSUMMARY:x\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-31 x, 2026-03-31 x, 2026-05-31 x"),
                             daysOf("DTSTART:20260131\r\nRRULE:FREQ=MONTHLY;COUNT=3\r\nSUMMARY:x\r\n"));
        // The fourth Thursday of November; and in the year the 20th Monday.
        CPPUNIT_ASSERT_EQUAL(
            std::string("2026-11-26 x, 2027-11-25 x"),
            daysOf("DTSTART:20261126\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=2\r\nSUMMARY:x\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("1997-05-19 x, 1998-05-18 x, 1999-05-17 x"),
                             daysOf("DTSTART:19970519\r\nRRULE:FREQ=YEARLY;BYDAY=20MO;COUNT=3\r\nSUMMARY:x\r\n"));
        // A Friday the 13th.
        CPPUNIT_ASSERT_EQUAL(
            std::string("1998-02-13 x, 1998-03-13 x, 1998-11-13 x"),
            daysOf("DTSTART:19980213\r\nRRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3\r\nSUMMARY:x\r\n"));
    }

    void placesChooseAmongThoseOfAPeriod() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-30 x, 2026-02-27 x, 2026-03-31 x"),
                             daysOf("DTSTART:20260130\r\nSUMMARY:x\r\n"
                                    "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3\r\n"));
    }

    void dailyRuleIsLimitedByMonths() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-30 x, 2026-01-31 x, 2027-01-01 x"),
                             daysOf("DTSTART:20260130\r\nRRULE:FREQ=DAILY;BYMONTH=1;COUNT=3\r\nSUMMARY:x\r\n"));
    }

    void ruleEndsByCountAndUntil() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-01 x, 2026-01-02 x"),
                             daysOf("DTSTART:20260101\r\nRRULE:FREQ=DAILY;UNTIL=20260102\r\nSUMMARY:x\r\n"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("2026-01-01T08:00:00Z-2026-01-01T09:00:00Z x, 2026-01-02T08:00:00Z-2026-01-02T09:00:00Z x"),
            timesOf("DTSTART;TZID=Europe/Paris:20260101T090000\r\nDURATION:PT1H\r\nSUMMARY:x\r\n"
                    "RRULE:FREQ=DAILY;UNTIL=20260102T080000Z\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-01T08:00:00Z-2026-01-01T09:00:00Z x"),
                             timesOf("DTSTART;TZID=Europe/Paris:20260101T090000\r\nDURATION:PT1H\r\nSUMMARY:x\r\n"
                                     "RRULE:FREQ=DAILY;UNTIL=20260102T075959Z\r\n"));
    }

    void exceptionsAndFurtherDates() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("2026-01-01 x, 2026-01-03 x, 2026-06-01 x, 2026-07-01 x"),
            daysOf("DTSTART:20260101\r\nRRULE:FREQ=DAILY;COUNT=4\r\nEXDATE;VALUE=DATE:20260102,20260104\r\n"
                   "RDATE;VALUE=DATE:20260601,20260701\r\nSUMMARY:x\r\n"));
    }

    void oneTimeMayBeAnother() {
        const std::string text =
            calendarOf(eventOf("DTSTART:20260105\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nSUMMARY:x\r\n") +
                       eventOf("DTSTART:20260114\r\nRECURRENCE-ID;VALUE=DATE:20260112\r\nSUMMARY:other\r\n") +
                       eventOf("DTSTART:20260119\r\nRECURRENCE-ID:20260119\r\nSTATUS:CANCELLED\r\n"));

        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-05 x, 2026-01-14 other"), daysIn(text));
    }

    void cancelledEventDoesNotTakePlace() {
        CPPUNIT_ASSERT_EQUAL(std::string(), daysOf("DTSTART:20260105\r\nSTATUS:cancelled\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-05 x"),
                             daysOf("DTSTART:20260105\r\nSTATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\nSUMMARY:x\r\n"));
    }

    void timesFollowTheClocksOfTheirZone() {
        // Clocks in Paris are put forward on 29 March.
        CPPUNIT_ASSERT_EQUAL(
            std::string("2026-03-28T21:00:00Z-2026-03-29T04:00:00Z x, 2026-03-29T20:00:00Z-2026-03-30T04:00:00Z x"),
            timesOf("DTSTART;TZID=Europe/Paris:20260328T220000\r\nDTEND;TZID=Europe/Paris:20260329T060000\r\n"
                    "RRULE:FREQ=DAILY;COUNT=2\r\nSUMMARY:x\r\n"));
    }

    void whatIsNoEventIsPassedOver() {
        const std::string text = calendarOf(
            "X-WR-CALNAME:Mairie\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/"
            "Paris\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\n"
            "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
            "BEGIN:VTODO\r\nDUE:20261224\r\nEND:VTODO\r\n" +
            eventOf("DTSTART:20261225\r\nSUMMARY;LANGUAGE=fr:x\r\nX-APPLE-TRAVEL;X=\"a:b;c\":1\r\nBEGIN:VALARM\r\n"
                    "TRIGGER:-PT15M\r\nDURATION:PT5M\r\nEND:VALARM\r\n"));

        CPPUNIT_ASSERT_EQUAL(std::string("2026-12-25 x"), daysIn(text));
        CPPUNIT_ASSERT_EQUAL(std::string(), daysIn(calendarOf("")));
    }

    void whatIsNotUnderstoodIsNamedWithItsLine() {
        // The lines of an event begin on line 7.
        expectFault("7: RRULE has FREQ=HOURLY, which is not understood; expected DAILY, WEEKLY, MONTHLY or YEARLY",
                    "RRULE:FREQ=HOURLY\r\nDTSTART:20260101\r\n");
        expectFault("8: RRULE has BYYEARDAY=100, which is not understood;",
                    "DTSTART:20260101\r\nRRULE:FREQ=YEARLY;BYYEARDAY=100\r\n");
        expectFault("8: RRULE has BYDAY=1MO,XX, expected weekdays such as MO or -1FR",
                    "DTSTART:20260101\r\nRRULE:FREQ=MONTHLY;BYDAY=1MO,XX\r\n");
        expectFault("8: RRULE has INTERVAL=0, expected a number from 1 to 10000",
                    "DTSTART:20260101\r\nRRULE:FREQ=DAILY;INTERVAL=0\r\n");
        expectFault("8: RRULE = INTERVAL=2 has no FREQ", "DTSTART:20260101\r\nRRULE:INTERVAL=2\r\n");
        expectFault("8: RRULE is given twice",
                    "RRULE:FREQ=DAILY;COUNT=2\r\nRRULE:FREQ=DAILY;COUNT=3\r\nDTSTART:20260101\r\n");
        expectFault("8: EXRULE of an event is not understood", "DTSTART:20260101\r\nEXRULE:FREQ=DAILY\r\n");
        expectFault("7: DTSTART = 20260231, expected a date such as 20261225", "DTSTART:20260231\r\n");
        expectFault("7: DTSTART = 20260101T250000, expected a date", "DTSTART:20260101T250000\r\n");
        expectFault("7: DTSTART has TZID=Mairie/Salle", "DTSTART;TZID=Mairie/Salle:20260101T080000\r\n");
        expectFault("8: DTEND = 20251231 lies before DTSTART", "DTSTART:20260101\r\nDTEND:20251231\r\n");
        expectFault("8: DTEND = 20260102T080000, expected a date as DTSTART is",
                    "DTSTART:20260101\r\nDTEND:20260102T080000\r\n");
        expectFault("8: DURATION = P1, expected a duration such as P1D or PT2H30M",
                    "DTSTART:20260101\r\nDURATION:P1\r\n");
        expectFault("8: DURATION = -P1D, expected a duration", "DTSTART:20260101\r\nDURATION:-P1D\r\n");
        expectFault("8: DURATION = PT1H, expected whole days", "DTSTART:20260101\r\nDURATION:PT1H\r\n");
        expectFault("8: RDATE has VALUE=PERIOD, which is not understood",
                    "DTSTART:20260101T080000Z\r\nRDATE;VALUE=PERIOD:20260102T080000Z/PT1H\r\n");
        expectFault("8: RECURRENCE-ID has RANGE=THISANDFUTURE",
                    "DTSTART:20260101\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260101\r\n");
        expectFault("4: VEVENT has no DTSTART", "SUMMARY:x\r\n");
        expectFault("7: 'what is this' is no line of an iCalendar file, expected NAME:VALUE", "what is this\r\n");
        expectFileFault("2: VERSION = 1.0, expected 2.0", "BEGIN:VCALENDAR\nVERSION:1.0\nEND:VCALENDAR\n");
        expectFileFault("2: BEGIN:VAVAILABILITY is not understood, expected VEVENT",
                        "BEGIN:VCALENDAR\nBEGIN:VAVAILABILITY\nEND:VAVAILABILITY\nEND:VCALENDAR\n");
        expectFileFault("1: '<!DOCTYPE html>' is no line", "<!DOCTYPE html>\n");
        expectFileFault("1: the file is empty, expected BEGIN:VCALENDAR", "");
    }

    void everyWrongEventIsNamed() {
        const CalendarFile file(
            calendarOf(eventOf("DTSTART:x\r\n") + eventOf("DTSTART:20260101\r\n") + eventOf("DTSTART:y\r\n")),
            "site.ics");

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, file.faults().size());
        CPPUNIT_ASSERT_MESSAGE(file.faults()[1].text, file.faults()[1].text.starts_with("17: DTSTART = y"));
    }

    void fileThatIsCutOffIsRefused() {
        const std::string whole = calendarOf(eventOf("DTSTART:20261224\r\nSUMMARY:x\r\n"));
        for (std::size_t size = 0; size + 2 < whole.size(); ++size)
            CPPUNIT_ASSERT_MESSAGE(whole.substr(0, size), !CalendarFile(whole.substr(0, size), "").faults().empty());
        expectFileFault("9: the file ends without END:VCALENDAR: it is cut off",
                        whole.substr(0, whole.find("END:VCALENDAR")));
    }

    void tooManyEventsAndDaysAreRefused() {
        std::string events;
        for (int i = 0; i <= 10'000; ++i) events += "BEGIN:VEVENT\nDTSTART:20260101\nEND:VEVENT\n";
        expectFileFault("30004: has more than 10000 events", calendarOf(events));

        events.clear();
        for (int i = 0; i < 10; ++i) events += "BEGIN:VEVENT\nDTSTART:20260101\nRRULE:FREQ=DAILY\nEND:VEVENT\n";
        const CalendarFile file(calendarOf(events), "");
        CPPUNIT_ASSERT_MESSAGE(
            file.faults().at(0).text,
            file.faults()[0].text.find("too many days, with those before it; let its rule end") != std::string::npos);
    }

private:
    static constexpr std::size_t kLongest = 100;

    /// `2026-12-24 Noël, …`, in their order.
    static std::string daysIn(const std::string& text) {
        const CalendarFile file(text, "site.ics");
        CPPUNIT_ASSERT_MESSAGE(file.faults().empty() ? "" : file.faults().front().text, file.faults().empty());
        DaysOff days;
        file.addTo(days);
        days.settle();
        std::vector<std::string> found;
        for (auto day = local_days(1997y / January / 1); day < local_days(2040y / January / 1);
             day += std::chrono::days(1))
            if (const auto name = days.nameOf(day))
                found.push_back(toRfc3339(TimePoint(day.time_since_epoch())).substr(0, 11).replace(10, 1, " ") +
                                std::string(*name));
        return joined(found);
    }
    static std::string daysOf(const std::string& lines) { return daysIn(calendarOf(eventOf(lines))); }

    static std::string timesOf(const std::string& lines) {
        const CalendarFile file(calendarOf(eventOf(lines)), "site.ics");
        CPPUNIT_ASSERT_MESSAGE(file.faults().empty() ? "" : file.faults().front().text, file.faults().empty());
        std::vector<OffStretch> stretches;
        file.addTo(stretches, *findTimeZone("Europe/Paris"));
        std::vector<std::string> found;
        for (const auto& [from, until, name] : stretches)
            found.push_back(shortText(from) + '-' + shortText(until) + ' ' + name);
        return joined(found);
    }
    static std::string shortText(TimePoint at) { return toRfc3339(at).substr(0, 19) + 'Z'; }

    static void expectFault(const std::string& expected, const std::string& lines) {
        expectFileFault(expected, calendarOf(eventOf(lines)));
    }
    static void expectFileFault(const std::string& expected, const std::string& text) {
        const CalendarFile file(text, "site.ics");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, file.faults().size());
        CPPUNIT_ASSERT_MESSAGE(file.faults()[0].text, file.faults()[0].text.starts_with(expected));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CalendarFileTest);
