#pragma once

#include "calendar/FrenchHolidays.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// What a day off is called that is one as a part of a weekend only.
inline constexpr std::string_view kWeekendName = "weekend";

/// Days up to the year 2200 on which nobody works, each with its name: the calendars of a job as one. Made once for a
/// configuration, and not changed while jobs use it; safe from any thread then. Local days, of whatever zone.
class DaysOff {
public:
    /// A day beyond so many days off in a row is none to wait for.
    static constexpr std::chrono::days kLongestRest{366};

    /// Of a day that is there already the name stays.
    void add(std::chrono::local_days day, std::string_view name);
    void add(const std::vector<Holiday>& holidays);
    /// All holidays of France by rule.
    void add(FrenchRegion region);
    void addWeekends() { _weekends = true; }
    /// To be called after the last add(): nothing is found before.
    void settle();

    bool empty() const { return _days.empty() && !_weekends; }
    bool isOff(std::chrono::local_days day) const { return (_weekends && isWeekend(day)) || find(day) != nullptr; }
    /// Why that day is one; nothing: it is none.
    std::optional<std::string_view> nameOf(std::chrono::local_days day) const;
    /// The first day after `day` that is none; nothing: none of the next kLongestRest is.
    std::optional<std::chrono::local_days> workingDayAfter(std::chrono::local_days day) const;
    /// Equal for equal days, whatever their names.
    std::uint64_t fingerprint() const;

private:
    struct Day {
        std::int32_t number = 0;  // since 1970
        std::uint32_t name = 0;
    };

    static bool isWeekend(std::chrono::local_days day) {
        const std::chrono::weekday weekday(day);
        return weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
    }
    const Day* find(std::chrono::local_days day) const;

    std::vector<Day> _days{};  // in order
    std::vector<std::string> _names{};
    bool _weekends = false;
};

}  // namespace carillon
