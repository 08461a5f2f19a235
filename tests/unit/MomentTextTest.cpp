#include "schedule/MomentText.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>

#include "Poco/Exception.h"
#include "schedule/LocalTime.h"
#include "schedule/TimeText.h"
#include "schedule/ZoneDatabase.h"

using namespace carillon;

/// Moments as people write them, in Paris.
class MomentTextTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MomentTextTest);
    CPPUNIT_TEST(eachFormIsRead);
    CPPUNIT_TEST(timesOfDayAreTheNearestOnTheirSide);
    CPPUNIT_TEST(daylightSavingIsMinded);
    CPPUNIT_TEST(anythingElseIsNone);
    CPPUNIT_TEST(endsAreToCome);
    CPPUNIT_TEST_SUITE_END();

public:
    void tearDown() override { setShownZone(""); }

    void eachFormIsRead() {
        expect("2026-12-24T17:00:00Z", "2026-12-24 18:00");
        expect("2026-12-24T17:00:00Z", "2026-12-24T18:00");  // as a browser sends it
        expect("2026-12-24T17:00:30Z", "2026-12-24 18:00:30");
        expect("2026-12-23T23:00:00Z", "2026-12-24");
        expect("2026-11-30T17:00:00Z", "18:00");
        expect("2026-12-01T07:05:00Z", "8:05");
        expect("2026-11-30T13:30:00Z", "2h");
        expect("2026-12-03T11:30:00Z", "3d");
        expect("2026-12-24T18:00:00Z", "2026-12-24T18:00:00Z");
        expect("2026-12-24T16:00:00Z", "2026-12-24T18:00:00+02:00");
    }

    void timesOfDayAreTheNearestOnTheirSide() {
        expect("2026-12-01T11:30:00Z", "12:30");  // it is half past twelve now
        expect("2026-11-30T11:30:00Z", "12:30", MomentSide::Past);
        expect("2026-11-29T17:00:00Z", "18:00", MomentSide::Past);
        expect("2026-11-30T09:30:00Z", "2h", MomentSide::Past);
        expect("2026-12-24T17:00:00Z", "2026-12-24 18:00", MomentSide::Past);
    }

    void daylightSavingIsMinded() {
        _now = *parseRfc3339("2026-03-28T20:00:00Z");
        expect("2026-03-29T01:00:00Z", "2026-03-29 02:30");  // there is none: the first moment after the gap
        expect("2026-03-29T04:00:00Z", "06:00");             // nine hours from nine in the evening, not ten
        _now = *parseRfc3339("2026-10-24T20:00:00Z");
        expect("2026-10-25T00:30:00Z", "2026-10-25 02:30");  // there are two: the first
        expect("2026-10-25T05:00:00Z", "06:00");
    }

    void anythingElseIsNone() {
        for (const char* text : {"",
                                 " ",
                                 "now",
                                 "tomorrow",
                                 "24:00",
                                 "18:60",
                                 "1800",
                                 "18h00",
                                 "18:00 ",
                                 "2026-02-30",
                                 "2026-13-01",
                                 "2026-12-24 ",
                                 "2026-12-24 25:00",
                                 "24.12.2026",
                                 "24/12/2026",
                                 "2",
                                 "-2h",
                                 "2h30",
                                 "99999999999d",
                                 "2026-12-24 18:00:61",
                                 "2026-12-24 18",
                                 "0000-01-01",
                                 "18:00:00:00",
                                 "2026-12-24x18:00"})
            CPPUNIT_ASSERT_MESSAGE(text, !parseMoment(text, _now, *_paris, MomentSide::Future));
    }

    void endsAreToCome() {
        setShownZone("Europe/Paris");
        CPPUNIT_ASSERT(*parseRfc3339("2026-11-30T17:00:00Z") == parseEnd("18:00", _now, *_paris));

        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-30 is over: it was 2026-11-30 00:00:00 +01:00; give a time to come"),
                             refusal("2026-11-30"));
        CPPUNIT_ASSERT_EQUAL(std::string("0s is over: it was 2026-11-30 12:30:00 +01:00; give a time to come"),
                             refusal("0s"));
        CPPUNIT_ASSERT_EQUAL(std::string("noon: expected a time such as 2026-12-24 18:00, 2026-12-24 or 18:00, or a "
                                         "duration such as 2h"),
                             refusal("noon"));
    }

private:
    void expect(const std::string& utc, const std::string& text, MomentSide side = MomentSide::Future) const {
        const auto at = parseMoment(text, _now, *_paris, side);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(text, utc, at ? toShortRfc3339(*at) : std::string("none"));
    }
    std::string refusal(const std::string& text) const {
        try {
            parseEnd(text, _now, *_paris);
        } catch (const Poco::InvalidArgumentException& e) {
            return e.message();
        }
        return "none";
    }

    TimePoint _now = *parseRfc3339("2026-11-30T11:30:00Z");
    std::shared_ptr<const TimeZone> _paris = findTimeZone("Europe/Paris");
};

CPPUNIT_TEST_SUITE_REGISTRATION(MomentTextTest);
