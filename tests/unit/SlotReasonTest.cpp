#include "record/SlotReason.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

using carillon::SkipReason;
using carillon::SlotReason;

class SlotReasonTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SlotReasonTest);
    CPPUNIT_TEST(textsAreThoseOfEveryVersion);
    CPPUNIT_TEST(everyTextGivesItselfBack);
    CPPUNIT_TEST_SUITE_END();

public:
    void textsAreThoseOfEveryVersion() {
        expect("", {});
        expect("overlap", {SkipReason::Overlap, {}});
        expect("queue full", {SkipReason::QueueFull, {}});
        expect("paused", {SkipReason::Paused, {}});
        expect("paused by anna: travaux sur la base (2e étage)",
               {SkipReason::Paused, "anna: travaux sur la base (2e étage)"});
        expect("stopped by anna (as root)", {SkipReason::Stopped, "anna (as root)"});
        expect("late, and job.misfire is skip (the store failed)", {SkipReason::LateSkipped, "the store failed"});
        expect("the schedule was changed", {SkipReason::ScheduleChanged, {}});
        expect("day off: Fête nationale", {SkipReason::DayOff, "Fête nationale"});
        expect("moved to 2026-07-15 03:00 (Fête nationale)", {SkipReason::Moved, "2026-07-15 03:00 (Fête nationale)"});
        expect("blackout (Sat 22:00-Sun 06:00)", {SkipReason::Blackout, "Sat 22:00-Sun 06:00"});
        expect("what a later version says (or not)", {SkipReason::Other, "what a later version says (or not)"});
    }

    void everyTextGivesItselfBack() {
        for (const std::string text :
             {"",           " ",           "()",    " (x)",      "overlap (",   "overlap ()",       "overlap (a) b",
              "stopped",    "stopped by ", "other", "other (x)", "stopped (x)", "overlap (a (b))",  "day off",
              "day off:",   "day off: ",   "moved", "moved to ", "blackout",    "blackout (a (b))", "paused by ",
              "paused (x)", "paused"})
            CPPUNIT_ASSERT_EQUAL(text, textOf(carillon::slotReasonOf(text)));
    }

private:
    static void expect(const std::string& text, const SlotReason& reason) {
        CPPUNIT_ASSERT_EQUAL(text, textOf(reason));
        CPPUNIT_ASSERT_MESSAGE(text, reason == carillon::slotReasonOf(text));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SlotReasonTest);
