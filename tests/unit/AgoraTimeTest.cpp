#include "AgoraTime.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

#include "Poco/Exception.h"
#include "carillon/testing/FakeRunContext.h"
#include "unit/ZoneFolder.h"

using namespace passerelle;
using namespace std::chrono;

class AgoraTimeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AgoraTimeTest);
    CPPUNIT_TEST(gatewayTimesBecomeLocalOnes);
    CPPUNIT_TEST(hoursThatTheGatewaySkipsOrRepeatsHaveTheirFirstMeaning);
    CPPUNIT_TEST(everyFormOfIso8601IsRead);
    CPPUNIT_TEST(secondsAreCutAndTheEndsOfDaysAreTaken);
    CPPUNIT_TEST(anOffsetIsStrongerThanTheZones);
    CPPUNIT_TEST(whatIsNoDateTimeIsNothing);
    CPPUNIT_TEST(yearsThatADatabaseCannotHoldAreNothing);
    CPPUNIT_TEST(instantsBecomeLocalTimesToTheSecond);
    CPPUNIT_TEST(aZoneThatIsNotThereIsNamedAtTheFirstUse);
    CPPUNIT_TEST(zonesOfSlimFilesHaveTheirSummerTime);
    CPPUNIT_TEST(utcTextsAreReadBackAsTheyWereWritten);
    CPPUNIT_TEST_SUITE_END();

public:
    void gatewayTimesBecomeLocalOnes() {
        const AgoraTime time(_context, "Europe/Paris", "UTC");

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
                             converted(AgoraTime(_context, "UTC", "Europe/Paris"), "2026-03-29 02:30:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-25 00:30:00"),
                             converted(AgoraTime(_context, "UTC", "Europe/Paris"), "2026-10-25 02:30:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-22 10:30:00"),
                             converted(AgoraTime(_context, "Europe/Paris", "Europe/Paris"), "2026-11-22 10:30:00"));
    }

    void everyFormOfIso8601IsRead() {
        const AgoraTime time(_context, "UTC", "Asia/Kathmandu");  // 5:45 ahead, where it applies
        const std::vector<std::string> same{"2026-11-20 15:45:00",
                                            "2026-11-20T15:45:00",
                                            "2026-11-20t15:45",
                                            "2026-11-20 15:45",
                                            "20261120T154500",
                                            "20261120T1545",
                                            "  2026-11-20 15:45:00\r\n",
                                            "2026-11-20 15:45:00.9",
                                            "2026-11-20 15:45:00,999999999",
                                            "2026-11-20T10:00:00Z",
                                            "2026-11-20t10:00:00z",
                                            "2026-11-20 10:00:00Z",
                                            "2026-11-20 10:00:00 Z",
                                            "2026-11-20T10:00Z",
                                            "20261120T100000Z",
                                            "20261120T1000Z",
                                            "2026-11-20T10:00:00.000Z",
                                            "2026-11-20T10:00:00,5Z",
                                            "2026-11-20T10:00:00.999999999+00:00",
                                            "2026-11-20T10:00:00-00:00",
                                            "2026-11-20T11:00:00+01:00",
                                            "2026-11-20T11:00:00+0100",
                                            "2026-11-20T11:00:00+01",
                                            "2026-11-20T11:00+01",
                                            "2026-11-20 11:00:00 +01:00",
                                            "2026-11-20T04:30:00-05:30",
                                            "2026-11-19T23:00:00-11",
                                            "2026-11-21T00:00:00+14:00",
                                            "2026-11-20T24:00:00+14:00",
                                            "\t2026-11-20T10:00:00Z "};

        for (const auto& text : same) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("2026-11-20 10:00:00"), converted(time, text));
            CPPUNIT_ASSERT_MESSAGE(
                text, carillon::TimePoint(sys_days(2026y / November / 20) + 10h) == time.instantOf(text).value());
        }
    }

    void secondsAreCutAndTheEndsOfDaysAreTaken() {
        const AgoraTime time(_context, "UTC", "UTC");

        CPPUNIT_ASSERT_EQUAL(std::string("2026-12-31 23:59:59"), converted(time, "2026-12-31T23:59:59.999999999Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("2016-12-31 23:59:59"), converted(time, "2016-12-31T23:59:60Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("2016-12-31 23:59:59"), converted(time, "2017-01-01T00:59:60.5+01:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2027-01-01 00:00:00"), converted(time, "2026-12-31 24:00:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2028-02-29 00:00:00"), converted(time, "2028-02-28T24:00Z"));
        CPPUNIT_ASSERT_EQUAL(std::string("2027-01-01 00:00:00"), converted(time, "2026-12-31T24:00:00.000"));
    }

    void anOffsetIsStrongerThanTheZones() {
        // Half past two comes twice on that day; only an offset tells which.
        const AgoraTime time(_context, "Europe/Paris", "Europe/Paris");

        CPPUNIT_ASSERT_EQUAL(at(0h + 30min), at(time.instantOf("2026-10-25 02:30:00")));
        CPPUNIT_ASSERT_EQUAL(at(0h + 30min), at(time.instantOf("2026-10-25T02:30:00+02:00")));
        CPPUNIT_ASSERT_EQUAL(at(1h + 30min), at(time.instantOf("2026-10-25T02:30:00+01:00")));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-25 02:30:00"), converted(time, "2026-10-25T01:30:00Z"));
    }

    void whatIsNoDateTimeIsNothing() {
        const AgoraTime time(_context, "Europe/Paris", "UTC");
        const std::vector<std::string> wrong{
            "", " ", "T", "Z", "now", "hier",
            // no day, or no time of day
            "2026-02-29 00:00:00", "2026-02-30 00:00:00", "2026-04-31T00:00:00Z", "2026-13-01 00:00:00",
            "2026-00-01 00:00:00", "2026-01-00 00:00:00", "0000-00-00 00:00:00", "2026-01-01 24:00:01",
            "2026-01-01 24:01", "2026-01-01T24:00:00.001Z", "2026-01-01 24:00:60", "2026-01-01 25:00:00",
            "2026-01-01 23:60:00", "2026-01-01 23:59:61", "2026-01-01", "2026-01",
            // another order, or a number
            "20/11/2026", "20/11/2026 10:00:00", "11/20/2026 10:00", "20-11-2026 10:00:00", "2026/11/20 10:00:00",
            "1795168800", "1795168800.5", "20261120100000", "202611201000", "20261120 100000", "26-11-20 10:00:00",
            // cut, or mixed
            "2026-01-01T10", "2026-01-01T10Z", "2026-01-01T10:00.5", "2026-01-01T10:00:", "2026-01-01T10:00:0",
            "2026-01-01T10:00:00.", "2026-01-01T10:00:00.Z", "2026-01-01T10:00:00.0123456789Z", "2026-01-01T100000Z",
            "20260101T10:00:00Z", "202601-01T10:00:00Z", "2026-0101T10:00:00Z", "2026-1-01 10:00:000",
            "+026-01-01 10:00:00", "2026-01-01 -1:00:00", "-2026-01-01 10:00:00", "12026-01-01 10:00:00",
            // more than one blank, or what is none
            "2026-01-01  10:00:00", "2026-01-01\t10:00:00", "2026-01-01 T10:00:00", "2026-01-01_10:00:00",
            "2026-01-01 10:00:00  Z", "２０２６-01-01", std::string("2026-01-01 10:00:0\0", 19),
            std::string("2026-01-01 10:00:00\0", 20),
            // no offset
            "2026-01-01T10:00:00+1", "2026-01-01T10:00:00+1:00", "2026-01-01T10:00:00+",
            "2026-01-01T10:00:00+01:", "2026-01-01T10:00:00+01:0", "2026-01-01T10:00:00+010",
            "2026-01-01T10:00:00+24:00", "2026-01-01T10:00:00+01:60", "2026-01-01T10:00:00+01:00:00",
            "2026-01-01T10:00:00Z+01:00", "2026-01-01T10:00:00ZZ", "2026-01-01T10:00:00 CET", "2026-01-01 10:00:00 UTC",
            "2026-01-01T10:00:00Z[Europe/Paris]"};

        for (const auto& text : wrong) {
            CPPUNIT_ASSERT_MESSAGE(text, !time.fromGateway(text).has_value());
            CPPUNIT_ASSERT_MESSAGE(text, !time.instantOf(text).has_value());
        }
    }

    void yearsThatADatabaseCannotHoldAreNothing() {
        CPPUNIT_ASSERT(!AgoraTime(_context, "Europe/Paris", "UTC").fromGateway("0999-12-31 12:00:00").has_value());
        CPPUNIT_ASSERT(!AgoraTime(_context, "Europe/Paris", "UTC").fromGateway("9999-12-31 23:59:59").has_value());
        CPPUNIT_ASSERT(!AgoraTime(_context, "America/New_York", "UTC").fromGateway("1000-01-01 00:00:00").has_value());
        CPPUNIT_ASSERT_EQUAL(std::string("9999-12-31 23:59:59"),
                             converted(AgoraTime(_context, "Europe/Paris", "UTC"), "9999-12-31 22:59:59"));
        CPPUNIT_ASSERT_EQUAL(std::string("1000-01-01 00:00:00"),
                             converted(AgoraTime(_context, "UTC", "UTC"), "1000-01-01 00:00:00"));
    }

    void instantsBecomeLocalTimesToTheSecond() {
        const AgoraTime time(_context, "Europe/Paris", "UTC");

        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-22 11:30:00"),
                             time.fromUtc(sys_days(2026y / November / 22) + 10h + 30min + 999'999us));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-01 00:00:00"), time.fromUtc(sys_days(2026y / June / 30) + 22h));
    }

    void aZoneThatIsNotThereIsNamedAtTheFirstUse() {
        const AgoraTime agora(_context, "Europe/Pariss", "UTC");
        const AgoraTime gateway(_context, "Europe/Paris", "GMT+25");

        CPPUNIT_ASSERT(!agora.fromGateway("no date").has_value());
        CPPUNIT_ASSERT(nameOfTheFault(agora).find("Europe/Pariss") != std::string::npos);
        CPPUNIT_ASSERT(nameOfTheFault(gateway).find("GMT+25") != std::string::npos);
        CPPUNIT_ASSERT(nameOfTheFault(agora).find("did you mean Europe/Paris?") != std::string::npos);
    }

    void zonesOfSlimFilesHaveTheirSummerTime() {
        const ZoneFolder zones;
        zones.add("Paris", compiledZone(slimParis(), ZoneForm::Slim));
        zones.add("UTC", compiledZone({}, ZoneForm::Slim));
        const AgoraTime time(_context, "Paris", "UTC");

        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-15 12:00:00"), converted(time, "2026-07-15 10:00:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-01-15 11:00:00"), converted(time, "2026-01-15 10:00:00"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-15 08:00:00"),
                             converted(AgoraTime(_context, "UTC", "Paris"), "2026-07-15 10:00:00"));
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
    static std::string at(std::optional<carillon::TimePoint> instant) {
        return instant ? utcText(*instant) : "(nothing)";
    }
    static std::string at(minutes ofTheDayOfChange) { return at(sys_days(2026y / October / 25) + ofTheDayOfChange); }
    static std::string nameOfTheFault(const AgoraTime& time) {
        try {
            time.fromGateway("2026-11-22 10:00:00");
        } catch (const Poco::NotFoundException& e) {
            return e.message();
        }
        return "(no fault)";
    }

    const carillon::testing::FakeRunContext _context{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(AgoraTimeTest);
