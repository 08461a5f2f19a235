#include "pages/RunPeriods.h"

#include "pages/LocalDay.h"

#include <algorithm>
#include <numeric>

namespace carillon {
namespace {

std::chrono::days lengthOf(PeriodLength length) {
    return std::chrono::days(length == PeriodLength::Week ? 7 : 1);
}

/// The first day of the stretch that `at` is in.
std::chrono::local_days firstDayOf(TimePoint at, const TimeZone& zone, PeriodLength length) {
    const auto day = localDayOf(at, zone).date;
    if (length == PeriodLength::Day) return day;
    return day - (std::chrono::weekday(day) - std::chrono::Monday);
}

void setLengths(RunPeriod& period, std::vector<std::chrono::microseconds>& lengths) {
    if (lengths.empty()) return;
    const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
    std::nth_element(lengths.begin(), middle, lengths.end());
    period.median = *middle;
    period.longest = *std::max_element(lengths.begin(), lengths.end());
}

}  // namespace

std::size_t RunPeriod::all() const {
    return std::accumulate(ended.begin(), ended.end(), running);
}

TimePoint beginOfPeriods(const TimeZone& zone, TimePoint now, PeriodLength length, std::size_t most) {
    const auto back = lengthOf(length) * static_cast<int>(most - 1);
    return localDay(firstDayOf(now, zone, length) - back, zone).from;
}

std::vector<RunPeriod> runPeriods(const std::vector<RunFigure>& runs, const TimeZone& zone, TimePoint now,
                                  PeriodLength length, std::size_t most) {
    std::vector<RunPeriod> periods;
    const auto step = lengthOf(length);
    auto day = firstDayOf(now, zone, length) - step * static_cast<int>(most - 1);
    for (std::size_t i = 0; i < most; ++i, day += step)
        periods.push_back({localDay(day, zone).from, localDay(day + step, zone).from, {}, 0, {}, {}});
    std::vector<std::vector<std::chrono::microseconds>> lengths(most);
    for (const auto& run : runs) {
        const auto after = std::upper_bound(periods.begin(), periods.end(), run.startedAt,
                                            [](TimePoint at, const RunPeriod& period) { return at < period.from; });
        if (after == periods.begin() || run.startedAt >= periods.back().until) continue;
        const auto index = static_cast<std::size_t>(after - periods.begin()) - 1;
        if (!run.outcome)
            ++periods[index].running;
        else
            ++periods[index].ended[static_cast<std::size_t>(*run.outcome)];
        if (run.finishedAt) lengths[index].push_back(*run.finishedAt - run.startedAt);
    }
    for (std::size_t i = 0; i < most; ++i) setLengths(periods[i], lengths[i]);
    const auto first =
        std::find_if(periods.begin(), periods.end(), [](const RunPeriod& period) { return period.all() > 0; });
    periods.erase(periods.begin(), first);
    return periods;
}

}  // namespace carillon
