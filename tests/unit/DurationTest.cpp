#include "carillon/Duration.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <utility>

using namespace carillon;
using namespace std::chrono_literals;

class DurationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DurationTest);
    CPPUNIT_TEST(numberAndUnitAreADuration);
    CPPUNIT_TEST(anythingElseIsNone);
    CPPUNIT_TEST(whatDoesNotFitIsNone);
    CPPUNIT_TEST(formatTakesTheLargestWholeUnit);
    CPPUNIT_TEST(formattedIsReadBackAsItWas);
    CPPUNIT_TEST_SUITE_END();

public:
    void numberAndUnitAreADuration() {
        CPPUNIT_ASSERT(500ms == parseDuration("500ms"));
        CPPUNIT_ASSERT(90s == parseDuration("90s"));
        CPPUNIT_ASSERT(5min == parseDuration("5m"));
        CPPUNIT_ASSERT(2h == parseDuration("2h"));
        CPPUNIT_ASSERT(std::chrono::days(1) == parseDuration("1d"));
        CPPUNIT_ASSERT(0ms == parseDuration("0s"));
        CPPUNIT_ASSERT(7s == parseDuration("007s"));
    }

    void anythingElseIsNone() {
        for (const auto* text : {"", "5", "s", "ms", "-1s", "+1s", " 5s", "5 s", "5s ", "5S", "5sec", "1h30m", "1.5h",
                                 "0x5s", "5w", "5ss", "٥s"})
            CPPUNIT_ASSERT_MESSAGE(text, !parseDuration(text));
    }

    void whatDoesNotFitIsNone() {
        CPPUNIT_ASSERT(parseDuration("4611686018427387ms"));
        CPPUNIT_ASSERT(!parseDuration("4611686018427388ms"));
        CPPUNIT_ASSERT(parseDuration("53375995d"));
        CPPUNIT_ASSERT(!parseDuration("53375996d"));
        CPPUNIT_ASSERT(!parseDuration("99999999999999999999s"));
    }

    void formatTakesTheLargestWholeUnit() {
        CPPUNIT_ASSERT_EQUAL(std::string("0ms"), formatDuration(0ms));
        CPPUNIT_ASSERT_EQUAL(std::string("1500ms"), formatDuration(1500ms));
        CPPUNIT_ASSERT_EQUAL(std::string("90s"), formatDuration(90s));
        CPPUNIT_ASSERT_EQUAL(std::string("5m"), formatDuration(300s));
        CPPUNIT_ASSERT_EQUAL(std::string("36h"), formatDuration(36h));
        CPPUNIT_ASSERT_EQUAL(std::string("366d"), formatDuration(std::chrono::days(366)));
    }

    void formattedIsReadBackAsItWas() {
        for (std::chrono::milliseconds duration = 1ms; duration < 10'000h; duration = duration * 7 / 3 + 1ms)
            CPPUNIT_ASSERT_MESSAGE(formatDuration(duration), duration == parseDuration(formatDuration(duration)));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DurationTest);
