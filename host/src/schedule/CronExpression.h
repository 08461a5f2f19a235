#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace carillon {

enum class CronUnit : std::size_t { Second, Minute, Hour, Day, Month, Weekday };
constexpr std::size_t kCronUnits = 6;

/// One item of a field's list. Weekdays are 0 (Sunday) to 6.
struct CronItem {
    enum class Kind {
        All,             ///< `*`, `?`, with a step: each `step`th from `first` to `last`
        Value,           ///< `first`
        Range,           ///< `first` to `last`, each `step`th; wraps around when `last` is less
        Hash,            ///< one between `first` and `last`, by the seed; with a step: each `step`th, by the seed
        LastDay,         ///< `L`; `L-3`: `first` days before the last one
        LastWorkday,     ///< `LW`: the last one from Monday to Friday
        NearestWorkday,  ///< `15W`: the one nearest to the day `first`, in its month
        NthWeekday,      ///< `5#2`: the weekday `first` for the `last`th time in the month
        LastOfWeekday,   ///< `5L`: the weekday `first` for the last time in the month
    };
    Kind kind = Kind::All;
    int first = 0;
    int last = 0;
    int step = 0;  ///< 0: none was written.
};

struct CronField {
    std::string text{};  ///< As written, without `&`.
    std::vector<CronItem> items{};
    bool starred = false;  ///< Begins with `*` or `?`.
};

/// A parsed cron expression; its fields by CronUnit.
struct CronExpression {
    std::array<CronField, kCronUnits> fields{};
    bool hasSeconds = false;  ///< Six fields; otherwise the second is 0.
    bool bothDays = false;    ///< `&` before the weekdays: day of month and weekday must both match.

    const CronField& field(CronUnit unit) const { return fields[static_cast<std::size_t>(unit)]; }
    bool usesSeed() const;
};

/// The longest `every`.
constexpr std::chrono::days kLongestEvery{366};

/// A cron expression, or the length of `every 90s`.
using ScheduleExpression = std::variant<CronExpression, std::chrono::milliseconds>;

/// Throws ScheduleError. Dates that never come are not looked for here.
ScheduleExpression parseScheduleExpression(std::string_view text);

/// The smallest and the largest value of a field; Sunday is 0 alone.
int smallestOf(CronUnit unit);
int largestOf(CronUnit unit);

}  // namespace carillon
