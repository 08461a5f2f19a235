#include "calendar/OffTimes.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

/// Windows and events that follow each other without a gap are followed so far.
constexpr int kMostStretches = 400;

}  // namespace

OffTimes::OffTimes(OffKeys keys, DaysOff days, std::vector<OffStretch> events, std::shared_ptr<const TimeZone> zone)
    : _keys(std::move(keys)), _days(std::move(days)), _events(std::move(events)), _zone(std::move(zone)) {
    std::stable_sort(_events.begin(), _events.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
    TimePoint reach = TimePoint::min();
    for (const auto& event : _events) _reach.push_back(reach = std::max(reach, event.until));
}

std::optional<OffTime> OffTimes::at(TimePoint time) const {
    auto off = dayOffAt(time);
    return off ? off : blackoutAt(time);
}

std::optional<OffTime> OffTimes::dayOffAt(TimePoint time) const {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    const auto& period = _zone->periodAt(second);
    const auto day = std::chrono::floor<std::chrono::days>(period.toLocal(second));
    const auto name = _days.nameOf(day);
    if (!name) return std::nullopt;
    return OffTime{{SkipReason::DayOff, std::string(*name)}, _zone->firstPass(day + std::chrono::days(1), period)};
}

/// Any that the time lies in; null: none.
const OffStretch* OffTimes::eventAt(TimePoint time) const {
    auto next = std::upper_bound(_events.begin(), _events.end(), time,
                                 [](TimePoint wanted, const auto& event) { return wanted < event.from; });
    // Invariant: none before an event reaches further than its _reach.
    while (next != _events.begin()) {
        --next;
        if (next->until > time) return &*next;
        if (_reach[static_cast<std::size_t>(next - _events.begin())] <= time) break;
    }
    return nullptr;
}

std::optional<OffTime> OffTimes::blackoutAt(TimePoint time) const {
    std::optional<OffTime> off;
    TimePoint end = time;
    for (int links = 0; links < kMostStretches; ++links) {
        const auto windowEnd = _keys.blackout.endAfter(end, *_zone);
        const auto* event = eventAt(end);
        if (!windowEnd && event == nullptr) break;
        if (!off) {
            const auto second = std::chrono::floor<std::chrono::seconds>(time);
            off = OffTime{
                {SkipReason::Blackout, windowEnd ? _keys.blackout.at(_zone->toLocal(second))->text : event->name}, {}};
        }
        end = std::max(windowEnd.value_or(end), event == nullptr ? end : event->until);
    }
    if (off) off->until = end;
    return off;
}

}  // namespace carillon
