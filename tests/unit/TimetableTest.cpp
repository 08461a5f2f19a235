#include "calendar/Timetable.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ScheduleTexts.h"
#include "schedule/ZoneDatabase.h"

using namespace carillon;
using namespace std::chrono;

class TimetableTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TimetableTest);
    CPPUNIT_TEST(withoutDaysOffItIsTheSchedule);
    CPPUNIT_TEST(slotOnADayOffDoesNotFire);
    CPPUNIT_TEST(slotMovesToTheNextWorkingDay);
    CPPUNIT_TEST(slotsThatMeetAreOne);
    CPPUNIT_TEST(slotsOfAllDaysOffInARowMove);
    CPPUNIT_TEST(daysAreThoseOfTheZone);
    CPPUNIT_TEST(movedSlotFollowsTheClocks);
    CPPUNIT_TEST(movedIntoABlackoutDoesNotFire);
    CPPUNIT_TEST(eventsWithTimesAreBlackouts);
    CPPUNIT_TEST(aheadTellsEachReasonOnce);
    CPPUNIT_TEST(calendarOfAllDaysHasNoFiring);
    CPPUNIT_TEST(blackoutThatTakesEachSlotHasNoFiring);
    CPPUNIT_TEST(scheduleEndsWithTheYears);
    CPPUNIT_TEST(randomOnesAreAsDefined);
    CPPUNIT_TEST_SUITE_END();

public:
    void withoutDaysOffItIsTheSchedule() {
        const auto schedule = Schedule::parse("0 3 * * *", "Europe/Paris", "job");
        const Timetable table(schedule);

        CPPUNIT_ASSERT(table.next(instant("2026-07-13T12:00:00Z")) == schedule->next(instant("2026-07-13T12:00:00Z")));
        CPPUNIT_ASSERT(!table.whyOff(instant("2026-07-14T01:00:00Z")));
        CPPUNIT_ASSERT(!table.heldUntil(instant("2026-07-14T01:00:00Z")));
    }

    void slotOnADayOffDoesNotFire() {
        const auto table = make("0 3 * * *", holidays(), DaysOffRule::Skip);

        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-13 03:00 fires, 2026-07-14 03:00 day off: Fête nationale, "
                                         "2026-07-15 03:00 fires"),
                             slots(table, "2026-07-12T12:00:00Z", 3));
        CPPUNIT_ASSERT(instant("2026-07-15T01:00:00Z") == table.nextFiring(instant("2026-07-13T12:00:00Z")));
    }

    void slotMovesToTheNextWorkingDay() {
        // Of Mondays: Easter Monday moves to Tuesday, 2027-03-30.
        const auto table = make("0 3 * * 1", holidays(), DaysOffRule::NextWorkingDay);

        CPPUNIT_ASSERT_EQUAL(std::string("2027-03-22 03:00 fires, "
                                         "2027-03-29 03:00 moved to 2027-03-30 03:00 (Lundi de Pâques), "
                                         "2027-03-30 03:00 fires, 2027-04-05 03:00 fires"),
                             slots(table, "2027-03-20T12:00:00Z", 4));
    }

    void slotsThatMeetAreOne() {
        const auto table = make("0 3 * * *", holidays(), DaysOffRule::NextWorkingDay);

        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-14 03:00 moved to 2026-07-15 03:00 (Fête nationale), "
                                         "2026-07-15 03:00 fires, 2026-07-16 03:00 fires"),
                             slots(table, "2026-07-13T12:00:00Z", 3));
    }

    void slotsOfAllDaysOffInARowMove() {
        // Christmas 2026 is a Friday; what is due at different times keeps them.
        auto days = holidays();
        days.addWeekends();
        const auto table = make("30 2 25,26,27,28 12 *", days, DaysOffRule::NextWorkingDay);
        const auto other = make("30 2,4 25,27 12 *", days, DaysOffRule::NextWorkingDay);

        CPPUNIT_ASSERT_EQUAL(
            std::string("2026-12-25 02:30 moved to 2026-12-28 02:30 (Noël), "
                        "2026-12-26 02:30 moved to 2026-12-28 02:30 (weekend), "
                        "2026-12-27 02:30 moved to 2026-12-28 02:30 (weekend), 2026-12-28 02:30 fires"),
            slots(table, "2026-12-24T12:00:00Z", 4));
        CPPUNIT_ASSERT_EQUAL(
            std::string("2026-12-27 04:30 moved to 2026-12-28 04:30 (weekend), 2026-12-28 02:30 fires, "
                        "2026-12-28 04:30 fires"),
            slots(other, "2026-12-27T02:00:00Z", 3));
    }

    void daysAreThoseOfTheZone() {
        // 23:30 UTC on 13 July is 01:30 on the 14th in Paris.
        const auto table = make("30 1 * * *", holidays(), DaysOffRule::Skip);

        CPPUNIT_ASSERT_EQUAL(std::string("2026-07-14 01:30 day off: Fête nationale"),
                             slots(table, "2026-07-13T22:00:00Z", 1));
        const auto off = table.whyOff(instant("2026-07-13T23:30:00Z"));
        CPPUNIT_ASSERT(instant("2026-07-14T22:00:00Z") == off.value().until);
    }

    void movedSlotFollowsTheClocks() {
        // On 2026-03-29 02:30 does not exist in Paris, on 2026-10-25 it comes twice.
        DaysOff days;
        days.add(local_days(2026y / March / 28), "off");
        days.add(local_days(2026y / October / 24), "off");
        const auto table = make("30 2 28,24 3,10 *", days, DaysOffRule::NextWorkingDay);

        CPPUNIT_ASSERT(instant("2026-03-29T01:00:00Z") == table.nextFiring(instant("2026-03-28T00:00:00Z")));
        CPPUNIT_ASSERT(instant("2026-10-25T00:30:00Z") == table.nextFiring(instant("2026-10-24T00:00:00Z")));
        CPPUNIT_ASSERT(table.next(instant("2026-10-25T00:30:00Z")) > instant("2026-10-26T00:00:00Z"));
    }

    void movedIntoABlackoutDoesNotFire() {
        const auto table = make("0 3 * * 1", holidays(), DaysOffRule::NextWorkingDay, "Tue 02:00-04:00");

        CPPUNIT_ASSERT_EQUAL(std::string("2027-03-29 03:00 moved to 2027-03-30 03:00 (Lundi de Pâques), "
                                         "2027-03-30 03:00 blackout (Tue 02:00-04:00), 2027-04-05 03:00 fires"),
                             slots(table, "2027-03-28T12:00:00Z", 3));
        CPPUNIT_ASSERT(instant("2027-03-30T02:00:00Z") == table.heldUntil(instant("2027-03-30T00:30:00Z")));
    }

    void eventsWithTimesAreBlackouts() {
        const std::vector<OffStretch> events{
            {instant("2026-06-01T00:00:00Z"), instant("2026-06-03T00:00:00Z"), "long"},
            {instant("2026-06-01T01:00:00Z"), instant("2026-06-01T02:00:00Z"), "short"},
            {instant("2026-06-03T00:00:00Z"), instant("2026-06-03T06:00:00Z"), "next"}};
        const Timetable table(Schedule::parse("0 * * * *", "UTC", "job"),
                              std::make_shared<const OffTimes>(OffKeys{}, DaysOff{}, events, findTimeZone("UTC")));

        CPPUNIT_ASSERT_EQUAL(std::string("blackout (long)"),
                             textOf(table.whyOff(instant("2026-06-02T12:00:00Z"))->reason));
        // They are one where they meet.
        CPPUNIT_ASSERT(instant("2026-06-03T06:00:00Z") == table.nextFiring(instant("2026-05-31T23:30:00Z")));
        CPPUNIT_ASSERT(!table.whyOff(instant("2026-05-31T23:00:00Z")));
        CPPUNIT_ASSERT(!table.whyOff(instant("2026-06-03T06:00:00Z")));
    }

    void aheadTellsEachReasonOnce() {
        auto days = holidays();
        days.addWeekends();
        const auto table = make("*/5 * * * *", days, DaysOffRule::Skip);

        const Ahead ahead = table.ahead(instant("2026-12-24T22:58:00Z"), 10);

        CPPUNIT_ASSERT(instant("2026-12-27T23:00:00Z") == ahead.fires);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, ahead.off.size());
        CPPUNIT_ASSERT_EQUAL(std::string("day off: Noël"), textOf(ahead.off[0].reason));
        CPPUNIT_ASSERT(instant("2026-12-25T23:00:00Z") == ahead.off[1].slot);
        CPPUNIT_ASSERT(instant("2026-12-27T23:00:00Z") == ahead.off[1].until);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, table.ahead(instant("2026-12-24T22:58:00Z"), 1).off.size());
    }

    void calendarOfAllDaysHasNoFiring() {
        DaysOff days;
        for (auto day = local_days(1970y / January / 1); day < local_days(2201y / January / 1);
             day += std::chrono::days(1))
            days.add(day, "closed");
        for (const auto rule : {DaysOffRule::Skip, DaysOffRule::NextWorkingDay}) {
            const auto table = make("* * * * * *", days, rule);

            CPPUNIT_ASSERT(!table.nextFiring(instant("2026-01-01T00:00:00Z")));
            // Each of its slots is accounted for all the same.
            CPPUNIT_ASSERT_EQUAL(std::string("day off: closed"),
                                 textOf(table.whyOff(instant("2026-01-01T00:00:01Z"))->reason));
            CPPUNIT_ASSERT(instant("2026-01-01T00:00:01Z") == table.next(instant("2026-01-01T00:00:00Z")));
        }
    }

    void blackoutThatTakesEachSlotHasNoFiring() {
        const auto table = make("0 3 * * *", DaysOff{}, DaysOffRule::Skip, "02:00-04:00");
        const auto whole = make("* * * * *", DaysOff{}, DaysOffRule::Skip, "00:00-12:00, 12:00-00:00");

        CPPUNIT_ASSERT(!table.nextFiring(instant("2026-01-01T00:00:00Z")));
        CPPUNIT_ASSERT(!whole.nextFiring(instant("2026-01-01T00:00:00Z")));
    }

    void scheduleEndsWithTheYears() {
        auto days = holidays();
        days.addWeekends();
        const auto table = make("0 3 * * *", days, DaysOffRule::NextWorkingDay);

        std::optional<TimePoint> last;
        for (std::optional<TimePoint> at = instant("2199-12-20T00:00:00Z"); (at = table.next(*at));) last = at;

        CPPUNIT_ASSERT(last > instant("2199-12-30T00:00:00Z") && last < instant("2200-01-01T00:00:00Z"));
        CPPUNIT_ASSERT(!table.next(TimePoint::max()) && table.next(TimePoint::min()));
    }

    /// Against the definition: all slots, and for each one on a day off its time on the first day that is none.
    void randomOnesAreAsDefined() {
        for (unsigned seed = 1; seed <= 300; ++seed) {
            std::mt19937 random(seed);
            const auto number = [&random](int least, int most) {
                return std::uniform_int_distribution(least, most)(random);
            };
            static const char* const kTexts[] = {"30 2 * * *",     "0 */7 * * *",  "15,45 1-3 * * *",
                                                 "10 2 * * 1,3,6", "*/20 * * * *", "0 0 * * *"};
            static const char* const kZones[] = {"UTC", "Europe/Paris", "America/Sao_Paulo", "Africa/Cairo",
                                                 "Australia/Lord_Howe"};
            const auto zone = findTimeZone(kZones[number(0, 4)]);
            const std::string text = kTexts[number(0, 5)];
            const auto schedule = Schedule::parse(text, zone->name(), "job");
            // About a change of the clocks in spring or autumn.
            const auto begin = number(0, 1) == 0 ? sys_days(2018y / October / 18) : sys_days(2018y / March / 22);
            DaysOff days;
            for (int day = 0; day < 24; ++day)
                if (number(0, 2) == 0) days.add(local_days(begin.time_since_epoch()) + std::chrono::days(day), "off");
            days.settle();
            OffKeys keys;
            keys.rule = DaysOffRule::NextWorkingDay;
            const Timetable table(schedule,
                                  std::make_shared<const OffTimes>(keys, days, std::vector<OffStretch>{}, zone));
            const std::string what = "seed " + std::to_string(seed) + ", " + text + ' ' + zone->name();

            const TimePoint from = begin + std::chrono::days(2);
            const TimePoint to = begin + std::chrono::days(22);
            const auto expected = slotsByDefinition(*schedule, days, *zone, begin - std::chrono::days(1), to);
            TimePoint at = from;
            for (auto slot = expected.upper_bound(from); slot != expected.end() && *slot < to; ++slot) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(what, toRfc3339(*slot), toRfc3339(table.next(at).value()));
                CPPUNIT_ASSERT_MESSAGE(what, table.next(*slot - microseconds(1)) == *slot);
                at = *slot;
            }
        }
    }

private:
    static DaysOff holidays() {
        DaysOff days;
        days.add(FrenchRegion::Interior);
        return days;
    }

    static Timetable make(const std::string& schedule, DaysOff days, DaysOffRule rule,
                          const std::string& blackout = {}) {
        days.settle();
        OffKeys keys;
        keys.rule = rule;
        if (!blackout.empty()) keys.blackout = *TimeWindows::parse(blackout);
        return Timetable(Schedule::parse(schedule, "Europe/Paris", "job"),
                         std::make_shared<const OffTimes>(keys, std::move(days), std::vector<OffStretch>{},
                                                          findTimeZone("Europe/Paris")));
    }

    /// Local times of Paris: `2026-07-14 03:00 day off: Fête nationale`.
    static std::string slots(const Timetable& table, const std::string& after, std::size_t count) {
        std::vector<std::string> texts;
        std::optional<TimePoint> at = instant(after);
        while (texts.size() < count && (at = table.next(*at))) {
            const auto off = table.whyOff(*at);
            texts.push_back(localText(table.schedule(), *at).substr(0, 16) + ' ' +
                            (off ? textOf(off->reason) : "fires"));
        }
        return joined(texts);
    }

    static std::set<TimePoint> slotsByDefinition(const Schedule& schedule, const DaysOff& days, const TimeZone& zone,
                                                 TimePoint from, TimePoint to) {
        std::set<TimePoint> all;
        for (auto slot = schedule.next(from); slot && *slot < to; slot = schedule.next(*slot)) {
            all.insert(*slot);
            const auto local = zone.toLocal(floor<seconds>(*slot));
            auto day = floor<std::chrono::days>(local);
            const auto time = local - day;
            if (!days.isOff(day)) continue;
            while (days.isOff(day)) day += std::chrono::days(1);
            all.insert(zone.toUtc(day + time));
        }
        return all;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TimetableTest);
