#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "schedule/ZoneDatabase.h"
#include "scheduler/SlotDecision.h"

using namespace carillon;
using namespace std::chrono_literals;

namespace {

/// A job's life as random events make it, and the ledger that its decisions write.
class Life {
public:
    explicit Life(unsigned seed) : _seed(seed), _random(seed) {
        static const char* const texts[] = {"* * * * * *",        "*/7 * * * * *", "*/2 * * * *",    "every 45s",
                                            "0-20/5 */3 * * * *", "30 2,3 * * *",  "*/15 22-2 * * *"};
        const auto* zone = chance(50) ? "UTC" : "Europe/Paris";
        const int text = number(0, 6);
        const auto schedule = Schedule::parse(texts[text], zone, "job");
        _schedule =
            std::make_shared<const Timetable>(schedule, text > 0 && chance(60) ? offTimes(*schedule, zone) : nullptr);
        _settings.misfire = static_cast<Misfire>(number(0, 2));
        _settings.overlap = static_cast<Overlap>(number(0, 3));
        _settings.misfireWindow = chance(50) ? std::chrono::hours(24) : std::chrono::minutes(number(0, 10));
        _settings.misfireMax = number(1, 12);
        _settings.queueMax = number(1, 12);
        // The night in which clocks in Paris are put back.
        _now = TimePoint(std::chrono::sys_days{std::chrono::year{2026} / 10 / 24}) + std::chrono::hours(number(0, 26));
        _lookedAt = _now;
        _first = _next = *_schedule->next(_now);
    }

    void live() {
        for (int i = 0; i < 300; ++i) {
            happen();
            // Not each event is followed by a look: a job may wait for its place.
            if (chance(80)) look();
        }
        end();
    }

private:
    struct Ending {
        SlotEnding ending = SlotEnding::Ran;
        std::string run{};
    };

    /// Some days off about that night, and windows of some minutes. Slots of every second are too many to wait behind
    /// one that waits through them.
    std::shared_ptr<const OffTimes> offTimes(const Schedule& schedule, const std::string& zone) {
        OffKeys keys;
        if (!schedule.isInterval() && chance(60)) keys.rule = DaysOffRule::NextWorkingDay;
        DaysOff days;
        for (unsigned day = 22; day <= 27; ++day)
            if (chance(30)) days.add(std::chrono::local_days{std::chrono::year{2026} / 10 / day}, "a day off");
        days.settle();
        const std::string hour = '0' + std::to_string(number(0, 9)) + ':';
        if (chance(70))
            keys.blackout = *TimeWindows::parse(hour + std::to_string(number(10, 19)) + '-' + hour +
                                                std::to_string(number(20, 25)));
        return std::make_shared<const OffTimes>(keys, days, std::vector<OffStretch>{}, findTimeZone(zone));
    }

    bool isOff(TimePoint slot) const { return _schedule->whyOff(slot).has_value(); }
    bool isHeld() const { return _schedule->heldUntil(_now).has_value(); }

    void happen() {
        switch (number(0, 5)) {
            case 0:
                if (_running > 0) --_running;
                break;
            case 1:
                _paused = chance(25);
                break;
            case 2:
                if (chance(20)) pass(std::chrono::seconds(number(6, 3'000)));  // frozen
                break;
            default:
                for (int steps = number(1, 30); steps > 0; --steps) pass(std::chrono::milliseconds(number(1, 5'000)));
        }
    }

    void pass(std::chrono::microseconds time) {
        _now += time;
        if (_now - kMisfireGrace > _lookedAt) _unseen.push_back({_lookedAt, _now - kMisfireGrace});
        _lookedAt = _now;
    }

    /// As often as something comes of it.
    void look() {
        for (int looks = 0; _next <= _now; ++looks) {
            check(looks < 1'000, "an end");
            const JobSituation job{_next, _unseen, _running, {_paused ? SkipReason::Paused : SkipReason::None, {}}, {}};
            const auto decision = decideSlots(*_schedule, _settings, job, _now);
            take(decision);
            if (!decision.moves()) {
                check(mayWait(), "a reason to wait");
                check(decision.replaces == (!isHeld() && _settings.overlap == Overlap::Replace), "a request to stop");
                check(waiting() <= most(), "a queue that is not too long");
                return;
            }
        }
    }

    bool queues() const { return _settings.overlap == Overlap::Queue || _settings.misfire == Misfire::RunAll; }

    std::size_t waiting() const {
        std::size_t slots = 0;
        for (TimePoint slot = _next; slot <= _now; slot = *_schedule->next(slot)) slots += isOff(slot) ? 0 : 1;
        return slots;
    }
    /// How many may wait; late ones that merge wait as one.
    std::size_t most() const {
        if (_settings.overlap != Overlap::Queue || _settings.misfire == Misfire::RunOnce) return kRecordedSlots;
        const bool catchesUp = _settings.misfire == Misfire::RunAll;
        return static_cast<std::size_t>(catchesUp ? std::max(_settings.queueMax, _settings.misfireMax)
                                                  : _settings.queueMax);
    }

    bool mayWait() const {
        if (_paused) return false;
        if (isHeld()) return true;
        if (_running == 0) return false;
        return _settings.overlap == Overlap::Queue || _settings.overlap == Overlap::Replace ||
               (_settings.overlap == Overlap::Skip && _settings.misfire == Misfire::RunAll);
    }

    void take(const SlotDecision& decision) {
        check(!decision.olderOmitted, "no slot left out");
        const std::string run = decision.fire ? std::to_string(++_runs) : "";
        std::map<TimePoint, Ending> endings;
        for (const auto& ended : decision.ended) {
            checkReason(ended, decision.fire.has_value());
            endings[ended.slot] = {ended.ending, ended.ending == SlotEnding::Merged ? run : ""};
        }
        if (decision.fire) {
            check(!_paused, "no run while paused");
            check(_running == 0 || _settings.overlap == Overlap::Allow, "no run beside another");
            check(!decision.misfire || _settings.misfire != Misfire::Skip, "no misfire with skip");
            check(!isOff(*decision.fire) && !isHeld(), "no run on a day off or in a blackout");
            endings[*decision.fire] = {SlotEnding::Ran, run};
            ++_running;
        }
        for (const auto& [slot, ending] : endings) record(slot, ending);
        check(_ledger.empty() || decision.next == _expected, "the next slot");
        _next = *decision.next;
    }

    void checkReason(const EndedSlot& ended, bool fires) const {
        const SkipReason why = ended.reason.skip;
        const std::string text = textOf(ended.reason);
        const bool skipped = ended.ending == SlotEnding::Skipped;
        if (ended.ending == SlotEnding::Merged) return check(fires && text.empty(), "a run to merge into");
        check(!text.empty(), "a reason");
        if (const auto off = _schedule->whyOff(ended.slot)) return check(skipped && ended.reason == off->reason, text);
        if (_paused) return check(skipped && why == SkipReason::Paused, text);
        if (why == SkipReason::Overlap) return check(_running > 0 && _settings.overlap == Overlap::Skip, text);
        if (why == SkipReason::QueueFull) return check(skipped && queues(), text);
        check(ended.ending == SlotEnding::Missed, "missed");
        if (why == SkipReason::TooOld) return check(_now - ended.slot > _settings.misfireWindow, text);
        if (why == SkipReason::LateSkipped) return check(_settings.misfire == Misfire::Skip, text);
        check(why == SkipReason::BeyondMost && _settings.misfire == Misfire::RunAll, text);
    }

    /// Each slot once, and none left out.
    void record(TimePoint slot, Ending ending) {
        if (_ledger.empty()) _expected = _first;
        check(slot == _expected, "the slots in order");
        check(slot <= _now, "no slot before its time");
        _ledger[slot] = std::move(ending);
        _expected = *_schedule->next(slot);
    }

    /// Lets what waits come to its end; then the ledger is compared with the schedule.
    void end() {
        _paused = false;
        while (_next <= _now) {
            _running = 0;
            if (const auto until = _schedule->heldUntil(_now)) pass(*until - _now);
            look();
        }
        std::size_t slots = 0;
        for (TimePoint slot = _first; slot <= _now; slot = *_schedule->next(slot)) {
            check(_ledger.contains(slot), "every slot in the ledger");
            ++slots;
        }
        check(slots == _ledger.size(), "only slots in the ledger");
        check(_next > _now, "next after now");
        std::string later;
        for (auto entry = _ledger.rbegin(); entry != _ledger.rend(); ++entry) {
            if (isOff(entry->first)) continue;
            if (entry->second.ending == SlotEnding::Merged)
                check(entry->second.run == later, "merged into a later run");
            later = entry->second.ending == SlotEnding::Merged || entry->second.ending == SlotEnding::Ran
                        ? entry->second.run
                        : "";
        }
    }

    void check(bool holds, const std::string& what) const {
        CPPUNIT_ASSERT_MESSAGE("seed " + std::to_string(_seed) + " at " + toRfc3339(_now) + ": " + what, holds);
    }

    int number(int least, int most) { return std::uniform_int_distribution(least, most)(_random); }
    bool chance(int percent) { return number(1, 100) <= percent; }

    const unsigned _seed;
    std::mt19937 _random;
    std::shared_ptr<const Timetable> _schedule;
    JobSettings _settings{};
    TimePoint _now{};
    TimePoint _lookedAt{};
    TimePoint _first{};
    TimePoint _next{};
    TimePoint _expected = _first;
    std::vector<UnseenTime> _unseen{};
    std::size_t _running = 0;
    int _runs = 0;
    bool _paused = false;
    std::map<TimePoint, Ending> _ledger{};
};

}  // namespace

class SlotPropertyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SlotPropertyTest);
    CPPUNIT_TEST(everySlotOfARandomLifeEndsInExactlyOneWay);
    CPPUNIT_TEST_SUITE_END();

public:
    void everySlotOfARandomLifeEndsInExactlyOneWay() {
        constexpr unsigned kLives = 400;

        for (unsigned seed = 1; seed <= kLives; ++seed) Life(seed).live();
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(SlotPropertyTest);
