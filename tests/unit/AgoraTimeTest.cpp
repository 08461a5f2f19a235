#include "AgoraTime.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

#include "Poco/Exception.h"

using namespace passerelle;
using namespace std::chrono;

class AgoraTimeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AgoraTimeTest);
    CPPUNIT_TEST(gatewayTimesBecomeLocalOnes);
    CPPUNIT_TEST(hoursThatTheGatewaySkipsOrRepeatsHaveTheirFirstMeaning);
    CPPUNIT_TEST(whatIsNoDateTimeIsNothing);
    CPPUNIT_TEST(yearsThatADatabaseCannotHoldAreNothing);
    CPPUNIT_TEST(instantsBecomeLocalTimesToTheSecond);
    CPPUNIT_TEST(aZoneThatIsNotThereIsNamedAtTheFirstUse);
    CPPUNIT_TEST(utcTextsAreReadBackAsTheyWereWritten);
    CPPUNIT_TEST_SUITE_END();

public:
    void gatewayTimesBecomeLocalOnes() {
        const AgoraTime time("Europe/Paris", "UTC");

        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-15 13:00:00"), converted(time, "2026-01-15 12:00:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-15 14:00:00"), converted(time, "2026-07-15 12:00:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-03-29 01:59:59"), converted(time, "2026-03-29 00:59:59"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-03-29 03:00:00"), converted(time, "2026-03-29 01:00:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-25 02:30:00"), converted(time, "2026-10-25 00:30:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-25 02:30:00"), converted(time, "2026-10-25 01:30:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2028-02-29 01:00:00"), converted(time, "2028-02-29 00:00:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2027-01-01 00:59:59"), converted(time, "2026-12-31 23:59:59"));
    }

    void hoursThatTheGatewaySkipsOrRepeatsHaveTheirFirstMeaning() {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-03-29 01:00:00"),
                             converted(AgoraTime("UTC", "Europe/Paris"), "2026-03-29 02:30:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-25 00:30:00"),
                             converted(AgoraTime("UTC", "Europe/Paris"), "2026-10-25 02:30:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-22 10:30:00"),
                             converted(AgoraTime("Europe/Paris", "Europe/Paris"), "2026-11-22 10:30:00"));
    }

    void whatIsNoDateTimeIsNothing() {
        const AgoraTime time("Europe/Paris", "UTC");
        const std::vector<std::string> wrong{"",
                                             "2026-02-29 00:00:00",
                                             "2026-02-30 00:00:00",
                                             "2026-04-31 00:00:00",
                                             "2026-13-01 00:00:00",
                                             "2026-00-01 00:00:00",
                                             "2026-01-00 00:00:00",
                                             "0000-00-00 00:00:00",
                                             "2026-01-01 24:00:00",
                                             "2026-01-01 23:60:00",
                                             "2026-01-01 23:59:60",
                                             "2026-01-01T10:00:00",
                                             "2026-01-01 10:00:00Z",
                                             "2026-01-01 10:00",
                                             "2026-01-01",
                                             " 2026-01-01 10:00:0",
                                             "2026-1-01 10:00:000",
                                             "+026-01-01 10:00:00",
                                             "2026-01-01 -1:00:00",
                                             "２０２６-01-01",
                                             std::string("2026-01-01 10:00:0\0", 19)};

        for (const auto& text : wrong) CPPUNIT_ASSERT_MESSAGE(text, !time.fromGateway(text).has_value());
    }

    void yearsThatADatabaseCannotHoldAreNothing() {
        CPPUNIT_ASSERT(!AgoraTime("Europe/Paris", "UTC").fromGateway("0999-12-31 12:00:00").has_value());
        CPPUNIT_ASSERT(!AgoraTime("Europe/Paris", "UTC").fromGateway("9999-12-31 23:59:59").has_value());
        CPPUNIT_ASSERT(!AgoraTime("America/New_York", "UTC").fromGateway("1000-01-01 00:00:00").has_value());
        CPPUNIT_ASSERT_EQUAL(std::string("9999-12-31 23:59:59"),
                             converted(AgoraTime("Europe/Paris", "UTC"), "9999-12-31 22:59:59"));
        CPPUNIT_ASSERT_EQUAL(std::string("1000-01-01 00:00:00"),
                             converted(AgoraTime("UTC", "UTC"), "1000-01-01 00:00:00"));
    }

    void instantsBecomeLocalTimesToTheSecond() {
        const AgoraTime time("Europe/Paris", "UTC");

        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-22 11:30:00"),
                             time.fromUtc(sys_days(2026y / November / 22) + 10h + 30min + 999'999us));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-01 00:00:00"), time.fromUtc(sys_days(2026y / June / 30) + 22h));
    }

    void aZoneThatIsNotThereIsNamedAtTheFirstUse() {
        const AgoraTime agora("Europe/Pariss", "UTC");
        const AgoraTime gateway("Europe/Paris", "GMT+25");

        CPPUNIT_ASSERT(!agora.fromGateway("no date").has_value());
        CPPUNIT_ASSERT(nameOfTheFault(agora).find("Europe/Pariss") != std::string::npos);
        CPPUNIT_ASSERT(nameOfTheFault(gateway).find("GMT+25") != std::string::npos);
        CPPUNIT_ASSERT(nameOfTheFault(gateway).find("such as Europe/Paris") != std::string::npos);
    }

    void utcTextsAreReadBackAsTheyWereWritten() {
        const auto at = sys_days(2026y / October / 25) + 1h + 2min + 3s;

        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-25 01:02:03"), utcText(at + 500ms));
        CPPUNIT_ASSERT(carillon::TimePoint(at) == parseUtcText("2026-10-25 01:02:03").value());
        CPPUNIT_ASSERT(!parseUtcText("yesterday").has_value());
    }

private:
    static std::string converted(const AgoraTime& time, const std::string& text) {
        return time.fromGateway(text).value_or("(nothing)");
    }
    static std::string nameOfTheFault(const AgoraTime& time) {
        try {
            time.fromGateway("2026-11-22 10:00:00");
        } catch (const Poco::NotFoundException& e) {
            return e.message();
        }
        return "(no fault)";
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(AgoraTimeTest);
