#include "schedule/Schedule.h"
#include "schedule/ZoneDatabase.h"

#include "date/tz.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include "unit/BruteForceCron.h"
#include "unit/RandomCron.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace carillon;
using namespace std::chrono_literals;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

namespace {

constexpr sys_seconds kBegin = sys_days(2020y / 1 / 1);
constexpr sys_seconds kEnd = sys_days(2036y / 1 / 1);
constexpr seconds kAround = 26h;

const std::vector<std::string> kExpressions = {
    // local times
    "30 2 * * *", "0 2 * * *", "0 3 * * *", "59 1 * * *", "0 0 * * *", "30 0 * * *", "0 1 * * *", "0,30 0-3 * * *",
    "15,45 1,2,3 * * *", "0-59 2 * * *", "1-59/2 0-23 * * *", "0 */1 * * *", "30 */2 * * *", "0 0-23 * * *",
    "5 22-4 * * *", "30 2 * * 0", "30 2 L * *", "0 2 * * 0L", "30 1-2 * * 0#2", "0 0 8-14 3 &0", "10 2 15W * *",
    "0 4 1,15 * 6", "23 0-20/2 * * *", "0 0 29-31 * *",
    // real time
    "* * * * *", "*/5 * * * *", "*/7 1-3 * * *", "* 2 * * *", "*/30 0-4 * * 0", "*/20 * L * *", "*/59 2,3 * * 0#2"};

/// What the library `date` knows: the changes of offset in the years that are swept, and the offset before each.
using Changes = std::vector<std::pair<sys_seconds, seconds>>;

Changes changesOf(const date::time_zone& zone) {
    Changes changes;
    for (sys_seconds at = kBegin; at < kEnd;) {
        const auto info = zone.get_info(at);
        if (changes.empty() || changes.back().second != info.offset) changes.emplace_back(at, info.offset);
        at = info.end;
    }
    return changes;
}

Changes changesOf(const TimeZone& zone) {
    Changes changes;
    for (const auto& period : zone.periods())
        if (period.until > kBegin && period.from < kEnd)
            changes.emplace_back(std::max(period.from, kBegin), period.offset);
    return changes;
}

/// Every minute near a change, both ways: the local time of an instant and the slot of a local time.
struct Neighbourhood {
    sys_seconds begin{};
    sys_seconds end{};
    std::vector<std::pair<sys_seconds, local_seconds>> shown{};
    std::vector<std::pair<local_seconds, sys_seconds>> due{};
};

sys_seconds slotOf(local_seconds local, const date::time_zone& zone) {
    const auto info = zone.get_info(date::local_seconds(local.time_since_epoch()));
    if (info.result == date::local_info::nonexistent) return info.first.end;
    return sys_seconds(local.time_since_epoch() - info.first.offset);
}

Neighbourhood neighbourhoodOf(sys_seconds change, const date::time_zone& zone) {
    Neighbourhood near{change - kAround, change + kAround};
    for (sys_seconds at = near.begin; at < near.end; at += 1min)
        near.shown.emplace_back(at, local_seconds(zone.to_local(at).time_since_epoch()));
    const auto first = near.shown.front().second - 3h;
    const auto last = near.shown.back().second + 3h;
    for (local_seconds local = first; local < last; local += 1min) near.due.emplace_back(local, slotOf(local, zone));
    return near;
}

std::vector<std::string> sweptZones() {
    auto names = listTimeZones();
    std::erase(names, "Factory");  // `date` leaves out this stand-in for a zone that is not set
    return names;
}

class DayMemory {
public:
    explicit DayMemory(const BruteForceCron& cron) : _cron(cron) {}
    bool matches(local_seconds local) {
        const auto day = std::chrono::floor<std::chrono::days>(local);
        if (day != _day) _day = day, _dayMatches = _cron.matchesDay(day);
        return _dayMatches && _cron.matchesTime(static_cast<int>((local - day).count()));
    }

private:
    const BruteForceCron& _cron;
    local_days _day = local_days::min();
    bool _dayMatches = false;
};

std::set<sys_seconds> bruteSlots(const BruteForceCron& cron, const Neighbourhood& near) {
    std::set<sys_seconds> slots;
    DayMemory memory(cron);
    if (cron.followsRealTime()) {
        for (const auto& [at, local] : near.shown)
            if (memory.matches(local)) slots.insert(at);
    } else {
        for (const auto& [local, at] : near.due)
            if (at >= near.begin && at < near.end && memory.matches(local)) slots.insert(at);
    }
    return slots;
}

std::set<sys_seconds> slotsOf(const Schedule& schedule, const Neighbourhood& near) {
    std::set<sys_seconds> slots;
    for (auto at = schedule.next(near.begin - 1us); at && *at < near.end; at = schedule.next(*at))
        slots.insert(std::chrono::floor<seconds>(*at));
    return slots;
}

/// An instant from which the schedule goes on otherwise than brute force does, whatever was asked before.
std::optional<sys_seconds> findWrongStart(const Schedule& schedule, const std::set<sys_seconds>& slots,
                                          const Neighbourhood& near) {
    const sys_seconds change = near.begin + kAround;
    std::vector<sys_seconds> starts{change - 1s, change, change + 1s};
    for (auto at = change - 2h; at < change + 3h; at += 7min) starts.push_back(at);
    for (const auto start : starts) {
        const auto expected = slots.upper_bound(start);
        const auto found = schedule.next(start);
        const bool same = expected == slots.end() ? !found || *found >= near.end : found == *expected;
        if (!same) return start;
    }
    return std::nullopt;
}

struct Compared {
    std::size_t expressions = 0;
    std::size_t slots = 0;
};

void compare(const std::string& text, const std::string& zone, const Neighbourhood& near, Compared& compared) {
    const BruteForceCron cron(text);
    const auto expected = bruteSlots(cron, near);
    const auto schedule = Schedule::parse(text, zone, "");
    const auto found = slotsOf(*schedule, near);
    if (found != expected) {
        std::vector<sys_seconds> differing;
        std::set_symmetric_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                                      std::back_inserter(differing));
        CPPUNIT_FAIL(text + " in " + zone + ": " + toRfc3339(differing.front()) +
                     " is a slot of one only; brute force has " + std::to_string(expected.size()) + ", the schedule " +
                     std::to_string(found.size()));
    }
    if (const auto start = findWrongStart(*schedule, expected, near))
        CPPUNIT_FAIL(text + " in " + zone + ": the slot after " + toRfc3339(*start) + " differs");
    ++compared.expressions;
    compared.slots += found.size();
}

}  // namespace

class ScheduleSweepTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ScheduleSweepTest);
    CPPUNIT_TEST(everyZoneHasTheOffsetsThatAnotherReaderFinds);
    CPPUNIT_TEST(noSlotDiffersAroundAnyChangeOfTheFirstSixthOfZones);
    CPPUNIT_TEST(noSlotDiffersAroundAnyChangeOfTheSecondSixth);
    CPPUNIT_TEST(noSlotDiffersAroundAnyChangeOfTheThirdSixth);
    CPPUNIT_TEST(noSlotDiffersAroundAnyChangeOfTheFourthSixth);
    CPPUNIT_TEST(noSlotDiffersAroundAnyChangeOfTheFifthSixth);
    CPPUNIT_TEST(noSlotDiffersAroundAnyChangeOfTheLastSixth);
    CPPUNIT_TEST(randomExpressionsDoNotDifferFromBruteForceInUtc);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyZoneHasTheOffsetsThatAnotherReaderFinds() {
        const auto names = sweptZones();
        CPPUNIT_ASSERT(names.size() > 400);
        for (const auto& name : names)
            CPPUNIT_ASSERT_MESSAGE(name, changesOf(*findTimeZone(name)) == changesOf(*date::locate_zone(name)));
    }

    // In parts, each of which is done in seconds by a program that was not optimised on a busy machine.
    void noSlotDiffersAroundAnyChangeOfTheFirstSixthOfZones() { sweep(0); }
    void noSlotDiffersAroundAnyChangeOfTheSecondSixth() { sweep(1); }
    void noSlotDiffersAroundAnyChangeOfTheThirdSixth() { sweep(2); }
    void noSlotDiffersAroundAnyChangeOfTheFourthSixth() { sweep(3); }
    void noSlotDiffersAroundAnyChangeOfTheFifthSixth() { sweep(4); }
    void noSlotDiffersAroundAnyChangeOfTheLastSixth() { sweep(5); }

    void randomExpressionsDoNotDifferFromBruteForceInUtc() {
        RandomCron random(31);
        std::size_t slots = 0;

        for (int n = 0; n < 3000; ++n) {
            const bool withSeconds = n % 4 == 0;
            const std::string text = possible(random, withSeconds);
            const auto begin = local_days(2020y / 1 / 1) + std::chrono::days(random.number(0, 4000));
            slots += compareInUtc(text, begin + seconds(random.number(0, 86'399)), withSeconds ? 1 : 60);
        }

        CPPUNIT_ASSERT(slots > 100'000);
        std::cout << "compared 3000 random expressions, " << slots << " slots\n";
    }

private:
    static constexpr std::size_t kParts = 6;

    /// Beside brute force, around each change of a zone that is the part's turn.
    static void sweep(std::size_t part) {
        std::map<Changes, std::string> zones;  // those that behave alike are one
        const auto names = sweptZones();
        for (const auto& name : names) zones.emplace(changesOf(*date::locate_zone(name)), name);
        std::size_t transitions = 0;
        Compared compared;
        RandomCron random(2026 + static_cast<unsigned>(part));

        std::size_t turn = 0;
        for (const auto& [changes, name] : zones) {
            for (std::size_t i = 1; i < changes.size(); ++i) {
                if (turn++ % kParts != part) continue;
                ++transitions;
                const auto near = neighbourhoodOf(changes[i].first, *date::locate_zone(name));
                for (const auto& text : kExpressions) compare(text, name, near, compared);
                for (int n = 0; n < 4; ++n) compare(possible(random), name, near, compared);
            }
        }

        CPPUNIT_ASSERT(transitions > 1'000 / kParts);
        CPPUNIT_ASSERT(compared.slots > 1'000'000 / kParts);
        std::cout << "compared " << names.size() << " zones (" << zones.size() << " different ones), one in " << kParts
                  << " of their transitions: " << transitions << ", " << compared.expressions << " expressions there, "
                  << compared.slots << " slots\n";
    }

    /// One that parse() does not refuse for a date that never comes.
    static std::string possible(RandomCron& random, bool withSeconds = false) {
        for (;;) {
            std::string text = random.expression(withSeconds);
            try {
                Schedule::parse(text, "UTC", "");
                return text;
            } catch (const ScheduleError& e) {
                CPPUNIT_ASSERT_MESSAGE(e.message(), e.message().find("never comes") != std::string::npos);
            }
        }
    }

    /// The first 200 slots after `from`, or those of four years and a half. `step`: seconds between times that can
    /// match.
    static std::size_t compareInUtc(const std::string& text, local_seconds from, int step) {
        const BruteForceCron cron(text);
        const auto schedule = Schedule::parse(text, "UTC", "");
        std::optional<TimePoint> at = sys_seconds(from.time_since_epoch());
        std::size_t slots = 0;
        auto day = std::chrono::floor<std::chrono::days>(from);
        for (const auto end = day + std::chrono::days(1640); day < end && slots < 200; day += std::chrono::days(1)) {
            if (!cron.matchesDay(day)) continue;
            for (int time = 0; time < 86'400 && slots < 200; time += step) {
                if (day + seconds(time) <= from || !cron.matchesTime(time)) continue;
                at = schedule->next(*at);
                const sys_seconds expected((day + seconds(time)).time_since_epoch());
                CPPUNIT_ASSERT_MESSAGE(text, at);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(text, toRfc3339(expected), toRfc3339(*at));
                ++slots;
            }
        }
        return slots;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ScheduleSweepTest);
