#include "schedule/TimeZone.h"

#include <algorithm>
#include <iterator>

namespace carillon {
namespace {

using namespace std::chrono;

constexpr year kLastYearOfZones{2200};
// A slice of time is 2^24 s, 194 days: few have more than one transition, so a look-up is an index and a step or two.
constexpr int kSliceBits = 24;
constexpr sys_seconds kFirstSlice = sys_days(1900y / January / 1);
constexpr sys_seconds kFirstRule = sys_days(1899y / January / 1);  // of a zone that has nothing but a rule
constexpr sys_seconds kLastSlice = sys_days((kLastYearOfZones + years(1)) / January / 1);

std::vector<ZoneTransition> allTransitions(const ZoneFile& file) {
    std::vector<ZoneTransition> all = file.transitions;
    const sys_seconds last = all.empty() ? kFirstRule : all.back().at;
    if (!file.rule || last >= kLastSlice) return all;
    if (all.empty()) all.push_back({last, file.rule->standardOffset()});
    const year first = year_month_day(floor<days>(std::max(last, kFirstSlice))).year() - years(1);
    std::vector<ZoneTransition> carriedOn;
    for (year inYear = first; inYear <= kLastYearOfZones + years(1); ++inYear)
        file.rule->appendTransitions(inYear, carriedOn);
    std::copy_if(carriedOn.begin(), carriedOn.end(), std::back_inserter(all),
                 [last](const ZoneTransition& transition) { return transition.at > last; });
    return all;
}

std::int64_t sliceOf(sys_seconds at) {
    return (at - kFirstSlice).count() >> kSliceBits;
}

}  // namespace

TimeZone::TimeZone(std::string name, const ZoneFile& file) : _name(std::move(name)) {
    addPeriods(file.firstOffset, allTransitions(file));
    buildIndex();
}

void TimeZone::addPeriods(seconds firstOffset, const std::vector<ZoneTransition>& transitions) {
    _periods.push_back({sys_seconds::min(), sys_seconds::max(), firstOffset, local_seconds::min()});
    for (const auto& [at, offset] : transitions) {
        sys_seconds from = at;
        // Summer time all the year, or never, is written as changes that undo each other at the same instant.
        if (_periods.size() > 1 && at <= _periods.back().from) {
            from = _periods.back().from;
            _periods.pop_back();
            _periods.back().until = sys_seconds::max();
        }
        Period& before = _periods.back();
        if (offset == before.offset) continue;
        before.until = from;
        const auto latest = std::max(before.latestBefore, before.toLocal(from - seconds(1)));
        _periods.push_back({from, sys_seconds::max(), offset, latest});
    }
    for (const auto& period : _periods) _largestOffset = std::max(_largestOffset, period.offset);
}

void TimeZone::buildIndex() {
    const std::int64_t slices = _periods.size() == 1 ? 1 : sliceOf(kLastSlice) + 1;
    std::size_t period = 0;
    for (std::int64_t slice = 0; slice < slices; ++slice) {
        const sys_seconds begin = kFirstSlice + seconds(slice << kSliceBits);
        while (_periods[period].until <= begin) ++period;
        _index.push_back(static_cast<std::uint32_t>(period));
    }
}

const TimeZone::Period& TimeZone::periodAt(sys_seconds at) const {
    const std::int64_t slice = sliceOf(at);
    std::size_t period = 0;
    if (slice >= 0) period = _index[std::min(static_cast<std::size_t>(slice), _index.size() - 1)];
    while (_periods[period].until <= at) ++period;
    return _periods[period];
}

sys_seconds TimeZone::firstPass(local_seconds local, const Period& around) const {
    const Period* period = &around;
    if (period->toUtc(local) >= period->until) {
        // No earlier period can reach that local time.
        period = &periodAt(sys_seconds{local.time_since_epoch() - _largestOffset});
        if (period->from < around.from) period = &around;
    }
    while (period->toUtc(local) >= period->until) ++period;
    return std::max(period->from, period->toUtc(local));
}

}  // namespace carillon
