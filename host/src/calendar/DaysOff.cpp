#include "calendar/DaysOff.h"

#include "schedule/CronCalendar.h"

#include <algorithm>

namespace carillon {
namespace {

constexpr std::chrono::year kFirstYear{1970};
constexpr std::chrono::year kLastYear{2200};

}  // namespace

void DaysOff::add(std::chrono::local_days day, std::string_view name) {
    // Days of one event come one after the other.
    if (_names.empty() || _names.back() != name) _names.emplace_back(name);
    _days.push_back(
        {static_cast<std::int32_t>(day.time_since_epoch().count()), static_cast<std::uint32_t>(_names.size() - 1)});
}

void DaysOff::add(const std::vector<Holiday>& holidays) {
    for (const auto& holiday : holidays) add(holiday.day, holiday.name);
}

void DaysOff::add(FrenchRegion region) {
    for (auto year = kFirstYear; year <= kLastYear; ++year) add(frenchHolidays(year, region));
}

void DaysOff::settle() {
    // Stable: of one day, what was added first stays.
    std::stable_sort(_days.begin(), _days.end(), [](const Day& a, const Day& b) { return a.number < b.number; });
    const auto isSame = [](const Day& a, const Day& b) { return a.number == b.number; };
    _days.erase(std::unique(_days.begin(), _days.end(), isSame), _days.end());
    _days.shrink_to_fit();
}

const DaysOff::Day* DaysOff::find(std::chrono::local_days day) const {
    const auto number = day.time_since_epoch().count();
    const auto found = std::lower_bound(_days.begin(), _days.end(), number,
                                        [](const Day& one, auto wanted) { return one.number < wanted; });
    return found == _days.end() || found->number != number ? nullptr : &*found;
}

std::optional<std::string_view> DaysOff::nameOf(std::chrono::local_days day) const {
    // A holiday says more than the weekend on which it is.
    if (const auto* found = find(day)) return _names[found->name];
    if (_weekends && isWeekend(day)) return kWeekendName;
    return std::nullopt;
}

std::optional<std::chrono::local_days> DaysOff::workingDayAfter(std::chrono::local_days day) const {
    for (auto next = day + std::chrono::days(1); next - day <= kLongestRest; next += std::chrono::days(1))
        if (!isOff(next)) return next;
    return std::nullopt;
}

std::uint64_t DaysOff::fingerprint() const {
    std::string text = _weekends ? "weekends" : "";
    for (const auto& day : _days) text += ' ' + std::to_string(day.number);
    return stableHash(text);
}

}  // namespace carillon
