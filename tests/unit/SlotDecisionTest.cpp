#include "scheduler/SlotDecision.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "schedule/ZoneDatabase.h"

using namespace carillon;
using namespace std::chrono_literals;

/// The slots are those of every ten minutes from 00:10 on.
class SlotDecisionTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SlotDecisionTest);
    CPPUNIT_TEST(everyCombinationEndsAsItsSettingsSay);
    CPPUNIT_TEST(nothingIsDueBeforeTheFirstSlot);
    CPPUNIT_TEST(slotIsDueFromItsInstantOn);
    CPPUNIT_TEST(blockedSlotsAreSkippedWhateverTheSettings);
    CPPUNIT_TEST(lateSlotsBeyondTheWindowAreMissed);
    CPPUNIT_TEST(windowDoesNotConcernSlotsThatWaited);
    CPPUNIT_TEST(runAllCatchesUpTheNewestOnly);
    CPPUNIT_TEST(fullQueueSkipsTheOldest);
    CPPUNIT_TEST(queueCountsWhatWaitsAndNotWhatFires);
    CPPUNIT_TEST(shortQueueDoesNotCutACatchUp);
    CPPUNIT_TEST(unseenTimesHaveAnOpenBeginningAndAClosedEnd);
    CPPUNIT_TEST(missedSlotTellsWhyNobodySawIt);
    CPPUNIT_TEST(slotThatWaitedBeforeAnUnseenTimeIsLateToo);
    CPPUNIT_TEST(splayedSlotIsLateByTheTimeAtWhichItFires);
    CPPUNIT_TEST(slotsBetweenUnseenTimesBelongToTheLateOnes);
    CPPUNIT_TEST(manyPassedSlotsTakeBoundedTime);
    CPPUNIT_TEST(slotsUpToTheLimitAreAllRecorded);
    CPPUNIT_TEST(scheduleThatEndsLeavesNothing);
    CPPUNIT_TEST(slotsInABlackoutAreSkippedSeenOrUnseen);
    CPPUNIT_TEST(slotInABlackoutIsInNoOtherOnesWay);
    CPPUNIT_TEST(slotInABlackoutBehindOneThatWaitsEndsWithIt);
    CPPUNIT_TEST(nothingBeginsInABlackout);
    CPPUNIT_TEST(longBlackoutOfManySlotsLosesNothingThatWaits);
    CPPUNIT_TEST(dayOffIsTheReasonOfAJobThatIsPausedToo);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyCombinationEndsAsItsSettingsSay() {
        for (const auto& row : kRows) {
            _settings.misfire = row.misfire;
            _settings.overlap = row.overlap;
            _running = row.running;
            const std::string name = std::to_string(static_cast<int>(row.misfire)) + '/' +
                                     std::to_string(static_cast<int>(row.overlap)) + '/' + std::to_string(row.running);

            _unseen = {};
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string(row.onTime), endsOf(3, decide(at(30) + 1s)));
            _unseen = {{at(0), at(30)}};
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string(row.late), endsOf(3, decide(at(30) + 10s)));
            _unseen = {{at(0), at(20)}};
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string(row.both), endsOf(4, decide(at(40) + 1s)));
        }
    }

    void nothingIsDueBeforeTheFirstSlot() {
        const auto decision = decide(at(10) - 1us);

        CPPUNIT_ASSERT(!decision.moves());
        CPPUNIT_ASSERT(decision.next == at(10));
    }

    void slotIsDueFromItsInstantOn() {
        const auto decision = decide(at(10));

        CPPUNIT_ASSERT(decision.fire == at(10));
        CPPUNIT_ASSERT(decision.next == at(20));
        CPPUNIT_ASSERT(decision.ended.empty());
    }

    void blockedSlotsAreSkippedWhateverTheSettings() {
        _unseen = {{at(0), at(20)}};
        _blocked = SkipReason::Paused;
        _settings.misfire = Misfire::RunAll;
        _settings.overlap = Overlap::Allow;

        const auto decision = decide(at(40));

        CPPUNIT_ASSERT_EQUAL(std::string("ssss"), endsOf(4, decision));
        for (const auto& slot : decision.ended) CPPUNIT_ASSERT_EQUAL(std::string("paused"), textOf(slot.reason));
        CPPUNIT_ASSERT(decision.next == at(50));
    }

    void lateSlotsBeyondTheWindowAreMissed() {
        _unseen = {{at(0), at(40)}};
        _settings.misfireWindow = 15min;

        const auto decision = decide(at(40) + 5min);  // 00:30 is as old as the window

        CPPUNIT_ASSERT_EQUAL(std::string("xxmR*"), endsOf(4, decision));
        CPPUNIT_ASSERT_EQUAL(std::string("older than job.misfire.window"), textOf(decision.ended[1].reason));
        CPPUNIT_ASSERT_EQUAL(std::string("xxxR*"), endsOf(4, decide(at(40) + 5min + 1us)));
    }

    void windowDoesNotConcernSlotsThatWaited() {
        _settings.misfireWindow = 0ms;

        CPPUNIT_ASSERT_EQUAL(std::string("mR"), endsOf(2, decide(at(25))));
    }

    void runAllCatchesUpTheNewestOnly() {
        _unseen = {{at(0), at(60)}};
        _settings.misfire = Misfire::RunAll;
        _settings.misfireMax = 2;

        const auto decision = decide(at(60) + 10s);

        CPPUNIT_ASSERT_EQUAL(std::string("xxxxR*w"), endsOf(6, decision));
        CPPUNIT_ASSERT_EQUAL(std::string("beyond job.misfire.max"), textOf(decision.ended[0].reason));
    }

    void fullQueueSkipsTheOldest() {
        _settings.overlap = Overlap::Queue;
        _settings.queueMax = 2;
        _running = 1;

        const auto decision = decide(at(50));

        CPPUNIT_ASSERT_EQUAL(std::string("sssww"), endsOf(5, decision));
        CPPUNIT_ASSERT_EQUAL(std::string("queue full"), textOf(decision.ended[0].reason));
        CPPUNIT_ASSERT(decision.next == at(40));
    }

    void queueCountsWhatWaitsAndNotWhatFires() {
        _settings.overlap = Overlap::Queue;
        _settings.queueMax = 2;

        CPPUNIT_ASSERT_EQUAL(std::string("Rww"), endsOf(3, decide(at(30))));
        CPPUNIT_ASSERT_EQUAL(std::string("sRww"), endsOf(4, decide(at(40))));
    }

    void shortQueueDoesNotCutACatchUp() {
        _unseen = {{at(0), at(50)}};
        _settings.overlap = Overlap::Queue;
        _settings.misfire = Misfire::RunAll;
        _settings.queueMax = 1;
        _settings.misfireMax = 4;
        _running = 1;

        CPPUNIT_ASSERT_EQUAL(std::string("xwwww"), endsOf(5, decide(at(50) + 10s)));
    }

    void unseenTimesHaveAnOpenBeginningAndAClosedEnd() {
        _settings.misfire = Misfire::Skip;

        _unseen = {{at(10), at(20) - 1us}};
        CPPUNIT_ASSERT_EQUAL(std::string("mR"), endsOf(2, decide(at(20))));
        _unseen = {{at(10) - 1us, at(10)}};
        CPPUNIT_ASSERT_EQUAL(std::string("xR"), endsOf(2, decide(at(20))));
    }

    void missedSlotTellsWhyNobodySawIt() {
        _settings.misfire = Misfire::Skip;
        _unseen = {{at(5), at(15), "the store failed"}, {at(15), at(25), ""}};

        const auto ended = decide(at(25)).ended;

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, ended.size());
        CPPUNIT_ASSERT_EQUAL(std::string("late, and job.misfire is skip (the store failed)"), textOf(ended[0].reason));
        CPPUNIT_ASSERT_EQUAL(std::string("late, and job.misfire is skip"), textOf(ended[1].reason));
    }

    void slotThatWaitedBeforeAnUnseenTimeIsLateToo() {
        _settings.misfire = Misfire::Skip;
        _unseen = {{at(15), at(25)}};

        CPPUNIT_ASSERT_EQUAL(std::string("xxR"), endsOf(3, decide(at(30))));
    }

    void splayedSlotIsLateByTheTimeAtWhichItFires() {
        _settings.misfire = Misfire::Skip;
        _splay = 5min;

        _unseen = {{TimePoint::min(), at(15) - 1us}};
        CPPUNIT_ASSERT_EQUAL(std::string("R"), endsOf(1, decide(at(15))));
        _unseen = {{at(10), at(15)}};
        CPPUNIT_ASSERT_EQUAL(std::string("x"), endsOf(1, decide(at(15))));
        CPPUNIT_ASSERT(!decide(at(15) - 1us).moves());
    }

    void slotsBetweenUnseenTimesBelongToTheLateOnes() {
        _settings.misfire = Misfire::RunAll;
        _unseen = {{at(5), at(15)}, {at(25), at(35)}};

        CPPUNIT_ASSERT_EQUAL(std::string("R*www"), endsOf(4, decide(at(40))));
    }

    void manyPassedSlotsTakeBoundedTime() {
        _schedule = Schedule::parse("* * * * * *", "UTC", "job");
        const TimePoint now = at(0) + 7'305 * 24h;
        _unseen = {{TimePoint::min(), now}};
        _settings.misfire = Misfire::Skip;
        const auto began = std::chrono::steady_clock::now();

        const auto decision = decide(now);

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - began < 5s);  // 631 million slots
        CPPUNIT_ASSERT(decision.olderOmitted);
        CPPUNIT_ASSERT_EQUAL(kRecordedSlots, decision.ended.size());
        CPPUNIT_ASSERT(decision.ended.back().slot == now);
        CPPUNIT_ASSERT(decision.ended.front().slot == now - std::chrono::seconds(kRecordedSlots - 1));
        CPPUNIT_ASSERT(decision.next == now + 1s);
    }

    void slotsUpToTheLimitAreAllRecorded() {
        _schedule = Schedule::parse("* * * * * *", "UTC", "job");
        _blocked = SkipReason::Paused;
        const auto last = at(10) + std::chrono::seconds(kRecordedSlots - 1);

        const auto whole = decide(last);
        const auto one = decide(last + 1s);

        CPPUNIT_ASSERT(!whole.olderOmitted);
        CPPUNIT_ASSERT_EQUAL(kRecordedSlots, whole.ended.size());
        CPPUNIT_ASSERT(whole.ended.front().slot == at(10));
        CPPUNIT_ASSERT(one.olderOmitted);
        CPPUNIT_ASSERT_EQUAL(kRecordedSlots, one.ended.size());
        CPPUNIT_ASSERT(one.ended.front().slot == at(10) + 1s);
    }

    void scheduleThatEndsLeavesNothing() {
        _schedule = Schedule::parse("0 0 1 1 *", "UTC", "job");
        const TimePoint last = std::chrono::sys_days{std::chrono::year{2199} / 1 / 1};
        _first = last;

        const auto decision = decide(last);

        CPPUNIT_ASSERT(decision.fire == last);
        CPPUNIT_ASSERT(!decision.next);
    }

    void slotsInABlackoutAreSkippedSeenOrUnseen() {
        _off = blackout("00:15-00:35");
        _unseen = {{at(0), at(40)}};
        _settings.misfire = Misfire::RunAll;

        const auto decision = decide(at(50));

        CPPUNIT_ASSERT(decision.fire == at(10) && decision.misfire);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, decision.ended.size());
        CPPUNIT_ASSERT(decision.ended[0].slot == at(20) && decision.ended[1].slot == at(30));
        for (const auto& slot : decision.ended) {
            CPPUNIT_ASSERT(SlotEnding::Skipped == slot.ending);
            CPPUNIT_ASSERT_EQUAL(std::string("blackout (00:15-00:35)"), textOf(slot.reason));
        }
        CPPUNIT_ASSERT(decision.next == at(40));
    }

    void slotInABlackoutIsInNoOtherOnesWay() {
        _off = blackout("00:15-00:25");

        CPPUNIT_ASSERT_EQUAL(std::string("msR"), endsOf(3, decide(at(30))));
        _settings.overlap = Overlap::Queue;
        CPPUNIT_ASSERT(decide(at(30)).fire == at(10));
        CPPUNIT_ASSERT(decide(at(30)).next == at(30));
    }

    void slotInABlackoutBehindOneThatWaitsEndsWithIt() {
        _off = blackout("00:15-00:25");
        _settings.overlap = Overlap::Queue;
        _running = 1;

        const auto waits = decide(at(30));
        _running = 0;
        const auto fires = decide(at(30));

        CPPUNIT_ASSERT(!waits.moves() && waits.next == at(10));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, fires.ended.size());
        CPPUNIT_ASSERT(fires.ended[0].slot == at(20) && fires.fire == at(10));
    }

    void nothingBeginsInABlackout() {
        _off = blackout("00:15-00:25");
        _splay = 7min;

        const auto held = decide(at(17));
        const auto after = decide(at(25));

        CPPUNIT_ASSERT(!held.moves() && !held.replaces && held.next == at(10));
        CPPUNIT_ASSERT(after.fire == at(10));
        _settings.overlap = Overlap::Replace;
        _running = 1;
        CPPUNIT_ASSERT(!decide(at(17)).replaces);
        CPPUNIT_ASSERT(decide(at(25)).replaces);
    }

    void longBlackoutOfManySlotsLosesNothingThatWaits() {
        _schedule = Schedule::parse("* * * * * *", "UTC", "job");
        _off = blackout("00:10-06:00");  // 21,000 slots
        _first = at(10) - 2s;

        const auto held = decide(at(10) + 5s);
        const auto after = decide(at(6 * 60) - 1us);
        const auto fires = decide(at(6 * 60));

        CPPUNIT_ASSERT(!held.moves() && held.next == at(10) - 2s);
        CPPUNIT_ASSERT(!after.moves());
        CPPUNIT_ASSERT(fires.fire == at(6 * 60));
        CPPUNIT_ASSERT(SlotEnding::Merged == fires.ended[0].ending && fires.ended[0].slot == at(10) - 2s);
        CPPUNIT_ASSERT(fires.olderOmitted);
        _settings.overlap = Overlap::Queue;
        CPPUNIT_ASSERT(decide(at(6 * 60)).fire == at(10) - 2s);
    }

    void dayOffIsTheReasonOfAJobThatIsPausedToo() {
        DaysOff days;
        days.addWeekends();  // 22 November 2026 is a Sunday
        days.settle();
        _off = std::make_shared<const OffTimes>(OffKeys{}, std::move(days), std::vector<OffStretch>{},
                                                findTimeZone("UTC"));
        _blocked = SkipReason::Paused;

        const auto decision = decide(at(20));

        CPPUNIT_ASSERT_EQUAL(std::string("ss"), endsOf(2, decision));
        for (const auto& slot : decision.ended)
            CPPUNIT_ASSERT_EQUAL(std::string("day off: weekend"), textOf(slot.reason));
    }

private:
    static std::shared_ptr<const OffTimes> blackout(const std::string& windows) {
        OffKeys keys;
        keys.blackout = *TimeWindows::parse(windows);
        return std::make_shared<const OffTimes>(keys, DaysOff{}, std::vector<OffStretch>{}, findTimeZone("UTC"));
    }

    struct Row {
        Misfire misfire;
        Overlap overlap;
        std::size_t running;
        const char* onTime;
        const char* late;
        const char* both;  ///< Two late ones, then two that are not.
    };

    /// A letter a slot: x missed, s skipped, m merged, R fires (R* as a misfire), w waits; ! asks for the run's end.
    static constexpr std::array<Row, 24> kRows{{
        {Misfire::RunOnce, Overlap::Skip, 0, "mmR", "mmR*", "mmmR"},
        {Misfire::RunOnce, Overlap::Queue, 0, "Rww", "mmR*", "mR*ww"},
        {Misfire::RunOnce, Overlap::Allow, 0, "mmR", "mmR*", "mmmR"},
        {Misfire::RunOnce, Overlap::Replace, 0, "mmR", "mmR*", "mmmR"},
        {Misfire::RunOnce, Overlap::Skip, 1, "sss", "sss", "ssss"},
        {Misfire::RunOnce, Overlap::Queue, 1, "www", "www", "wwww"},
        {Misfire::RunOnce, Overlap::Allow, 1, "mmR", "mmR*", "mmmR"},
        {Misfire::RunOnce, Overlap::Replace, 1, "www!", "www!", "wwww!"},
        {Misfire::Skip, Overlap::Skip, 0, "mmR", "xxx", "xxmR"},
        {Misfire::Skip, Overlap::Queue, 0, "Rww", "xxx", "xxRw"},
        {Misfire::Skip, Overlap::Allow, 0, "mmR", "xxx", "xxmR"},
        {Misfire::Skip, Overlap::Replace, 0, "mmR", "xxx", "xxmR"},
        {Misfire::Skip, Overlap::Skip, 1, "sss", "xxx", "xxss"},
        {Misfire::Skip, Overlap::Queue, 1, "www", "xxx", "xxww"},
        {Misfire::Skip, Overlap::Allow, 1, "mmR", "xxx", "xxmR"},
        {Misfire::Skip, Overlap::Replace, 1, "www!", "xxx", "xxww!"},
        {Misfire::RunAll, Overlap::Skip, 0, "mmR", "R*ww", "R*www"},
        {Misfire::RunAll, Overlap::Queue, 0, "Rww", "R*ww", "R*www"},
        {Misfire::RunAll, Overlap::Allow, 0, "mmR", "R*ww", "R*www"},
        {Misfire::RunAll, Overlap::Replace, 0, "mmR", "R*ww", "R*www"},
        {Misfire::RunAll, Overlap::Skip, 1, "sss", "www", "wwww"},
        {Misfire::RunAll, Overlap::Queue, 1, "www", "www", "wwww"},
        {Misfire::RunAll, Overlap::Allow, 1, "mmR", "R*ww", "R*www"},
        {Misfire::RunAll, Overlap::Replace, 1, "www!", "www!", "wwww!"},
    }};

    static TimePoint at(int minute) {
        return TimePoint(std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}) + std::chrono::minutes(minute);
    }

    SlotDecision decide(TimePoint now) const {
        return decideSlots(Timetable(_schedule, _off), _settings, {_first, _unseen, _running, {_blocked, {}}, _splay},
                           now);
    }

    /// What becomes of the first `count` slots; they are in order, and `next` is the first that is left.
    static std::string endsOf(int count, const SlotDecision& decision) {
        std::string letters;
        int minute = 0;
        for (const auto& ended : decision.ended) {
            CPPUNIT_ASSERT(ended.slot == at(minute += 10));
            letters += ended.ending == SlotEnding::Missed ? 'x' : ended.ending == SlotEnding::Skipped ? 's' : 'm';
        }
        if (decision.fire) {
            CPPUNIT_ASSERT(*decision.fire == at(minute += 10));
            letters += decision.misfire ? "R*" : "R";
        }
        CPPUNIT_ASSERT(decision.next == at(minute + 10));
        letters.append(static_cast<std::size_t>(std::max(0, count - minute / 10)), 'w');
        return letters + (decision.replaces ? "!" : "");
    }

    std::shared_ptr<const Schedule> _schedule = Schedule::parse("*/10 * * * *", "UTC", "job");
    std::shared_ptr<const OffTimes> _off{};
    JobSettings _settings{};
    std::vector<UnseenTime> _unseen{};
    std::size_t _running = 0;
    SkipReason _blocked = SkipReason::None;
    std::chrono::microseconds _splay{};
    TimePoint _first = at(10);
};

CPPUNIT_TEST_SUITE_REGISTRATION(SlotDecisionTest);
