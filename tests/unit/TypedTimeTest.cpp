#include "schedule/TypedTime.h"

#include "schedule/LocalTime.h"
#include "schedule/TimeText.h"
#include "schedule/ZoneDatabase.h"

#include "Poco/Exception.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace carillon;

/// Times as people type them, in Paris.
class TypedTimeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TypedTimeTest);
    CPPUNIT_TEST(aTimeIsItsMinuteOrSecond);
    CPPUNIT_TEST(aDayIsTheWholeDay);
    CPPUNIT_TEST(aTimeAloneIsTheLastOrTheNext);
    CPPUNIT_TEST(theHourThatComesTwiceIsMeantTwice);
    CPPUNIT_TEST(theHourThatThereWasNotIsItsEnd);
    CPPUNIT_TEST(anInstantHasItsOwnZone);
    CPPUNIT_TEST(aSpanIsFromNow);
    CPPUNIT_TEST(theNextMorningIsThatOfTheClock);
    CPPUNIT_TEST(daysAndTimesMayBeFrench);
    CPPUNIT_TEST(endsAreToCome);
    CPPUNIT_TEST(whatIsNoTimeIsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void tearDown() override { setShownZone(""); }

    void aTimeIsItsMinuteOrSecond() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-28T02:00:00Z 2026-11-28T02:01:00Z"), meaning("2026-11-28 03:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-28T01:00:00Z 2026-07-28T01:01:00Z"), meaning("2026-07-28T03:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-28T02:00:05Z 2026-11-28T02:00:06Z"), meaning("2026-11-28 03:00:05"));
    }

    void aDayIsTheWholeDay() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-27T23:00:00Z 2026-11-28T23:00:00Z"), meaning("2026-11-28"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-29T23:00:00Z 2026-11-30T23:00:00Z"), meaning("today"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-28T23:00:00Z 2026-11-29T23:00:00Z"), meaning("yesterday"));
        CPPUNIT_ASSERT_EQUAL(meaning("yesterday"), meaning("hier"));
        CPPUNIT_ASSERT_EQUAL(meaning("today"), meaning("aujourd’hui"));
        // 23 hours, and 25
        CPPUNIT_ASSERT_EQUAL(std::string("2026-03-28T23:00:00Z 2026-03-29T22:00:00Z"), meaning("2026-03-29"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-24T22:00:00Z 2026-10-25T23:00:00Z"), meaning("2026-10-25"));
    }

    void aTimeAloneIsTheLastOrTheNext() {  // it is 12:00:30
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-30T02:00:00Z 2026-11-30T02:01:00Z"), meaning("03:00"));
        CPPUNIT_ASSERT_EQUAL(meaning("03:00"), meaning("3:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-30T11:00:00Z 2026-11-30T11:01:00Z"), meaning("12:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-29T19:00:00Z 2026-11-29T19:01:00Z"), meaning("20:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-30T19:00:00Z 2026-11-30T19:01:00Z"),
                             meaning("20:00", Toward::Future));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-12-01T02:00:00Z 2026-12-01T02:01:00Z"),
                             meaning("03:00", Toward::Future));
    }

    void theHourThatComesTwiceIsMeantTwice() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-25T00:30:00Z 2026-10-25T01:31:00Z"), meaning("2026-10-25 02:30"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-25T02:00:00Z 2026-10-25T02:01:00Z"), meaning("2026-10-25 03:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-24T23:59:00Z 2026-10-25T00:00:00Z"), meaning("2026-10-25 01:59"));
    }

    void theHourThatThereWasNotIsItsEnd() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-03-29T01:00:00Z"), meaning("2026-03-29 02:30").substr(0, 20));
    }

    void anInstantHasItsOwnZone() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-28T03:00:00Z 2026-11-28T03:00:01Z"), meaning("2026-11-28T03:00:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-28T03:00:00.500Z"), meaning("2026-11-28T03:00:00.5Z").substr(0, 24));
    }

    void aSpanIsFromNow() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-30T09:00:30Z"), meaning("2h").substr(0, 20));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-12-03T11:00:30Z"), meaning("3d", Toward::Future).substr(0, 20));
    }

    void theNextMorningIsThatOfTheClock() {
        _now = *parseRfc3339("2026-03-28T20:00:00Z");  // nine hours before, not ten
        CPPUNIT_ASSERT_EQUAL(std::string("2026-03-29T04:00:00Z"), meaning("06:00", Toward::Future).substr(0, 20));
        _now = *parseRfc3339("2026-10-24T20:00:00Z");
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-25T05:00:00Z"), meaning("06:00", Toward::Future).substr(0, 20));
    }

    void daysAndTimesMayBeFrench() {  // on Monday 30 November 2026, 12:00:30 in Paris
        CPPUNIT_ASSERT_EQUAL(meaning("2026-11-28"), meaning("28/11/2026"));
        CPPUNIT_ASSERT_EQUAL(meaning("2026-02-01 03:05"), meaning("1/2/2026 3h05"));
        CPPUNIT_ASSERT_EQUAL(meaning("2026-11-28 03:00"), meaning("28/11/2026 03:00"));
        CPPUNIT_ASSERT_EQUAL(meaning("03:00"), meaning("3h00"));
        CPPUNIT_ASSERT_EQUAL(meaning("20:30"), meaning("20h30"));
        CPPUNIT_ASSERT_EQUAL(meaning("2026-11-28"), meaning("samedi"));
        CPPUNIT_ASSERT_EQUAL(meaning("2026-11-28 03:00"), meaning("Samedi 3h"));
        CPPUNIT_ASSERT_EQUAL(meaning("saturday"), meaning("samedi"));
        CPPUNIT_ASSERT_EQUAL(meaning("2026-11-30"), meaning("lundi"));  // today
        CPPUNIT_ASSERT_EQUAL(meaning("2026-12-05"), meaning("samedi", Toward::Future));
        CPPUNIT_ASSERT_EQUAL(meaning("2026-11-30"), meaning("monday", Toward::Future));
        CPPUNIT_ASSERT_EQUAL(meaning("2026-12-01"), meaning("demain"));
        CPPUNIT_ASSERT_EQUAL(meaning("2026-12-01 18:00"), meaning("tomorrow 18:00"));
        CPPUNIT_ASSERT_EQUAL(meaning("2026-12-02"), meaning("après-demain"));
        CPPUNIT_ASSERT_EQUAL(meaning("2026-11-29 20:00"), meaning("HIER 20h00"));
        CPPUNIT_ASSERT_EQUAL(meaning("today"), meaning("Aujourd’hui"));
        CPPUNIT_ASSERT_EQUAL(meaning("2h"), meaning("2h"));  // a span, with or without French
        for (const char* text :
             {"31/02/2026", "28/13/2026", "28/11", "samedis", "3h60", "24h00", "demain3h", "hier 3", "28/11/26"})
            CPPUNIT_ASSERT_THROW_MESSAGE(text, meaning(text), Poco::SyntaxException);
    }

    void endsAreToCome() {
        setShownZone("Europe/Paris");
        CPPUNIT_ASSERT(*parseRfc3339("2026-11-30T17:00:00Z") == parseEnd("18:00", _now, *_paris));

        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-30 is over: it was 2026-11-30 00:00:00 +01:00; give a time to come"),
                             refusal("2026-11-30"));
        CPPUNIT_ASSERT_EQUAL(std::string("0s is over: it was 2026-11-30 12:00:30 +01:00; give a time to come"),
                             refusal("0s"));
        CPPUNIT_ASSERT_EQUAL(std::string("noon: expected a time such as 2026-12-24 18:00, 2026-12-24 or 18:00, or a "
                                         "duration such as 2h"),
                             refusal("noon"));
    }

    void whatIsNoTimeIsRefused() {
        for (const char* text : {"",
                                 " ",
                                 "now",
                                 "24:00",
                                 "12:60",
                                 "12:00:60",
                                 "1800",
                                 "18:00 ",
                                 "2026-02-30",
                                 "2026-13-01",
                                 "2026-11-28 ",
                                 "2026-11-28x03:00",
                                 "2026-11-28 03:00 ",
                                 "2026-12-24 25:00",
                                 "2026-12-24 18",
                                 "28-11-2026",
                                 "24.12.2026",
                                 "20261128",
                                 "-026-11-28",
                                 "2",
                                 "-2h",
                                 "99999999999d",
                                 "18:00:00:00",
                                 "noon",
                                 "03:00pm"})
            CPPUNIT_ASSERT_THROW_MESSAGE(text, meaning(text), Poco::SyntaxException);
    }

private:
    std::string refusal(const std::string& text) const {
        try {
            parseEnd(text, _now, *_paris);
        } catch (const Poco::InvalidArgumentException& e) {
            return e.message();
        }
        return "none";
    }
    std::string meaning(const std::string& text, Toward toward = Toward::Past) const {
        const TypedTime time = parseTypedTime(text, *_paris, _now, toward);
        return toShortRfc3339(time.from) + ' ' + toShortRfc3339(time.until);
    }

    const std::shared_ptr<const TimeZone> _paris = findTimeZone("Europe/Paris");
    TimePoint _now = *parseRfc3339("2026-11-30T11:00:30Z");
};
CPPUNIT_TEST_SUITE_REGISTRATION(TypedTimeTest);
