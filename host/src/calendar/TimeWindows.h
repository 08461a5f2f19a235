#pragma once

#include "carillon/Clock.h"
#include "schedule/TimeZone.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// A stretch of local time: one that comes on some weekdays, or one that comes once. Plain data.
struct TimeWindow {
    std::string text{};                  ///< As it was written, such as `Sat 22:00-Sun 06:00`.
    std::uint8_t weekdays = 0;           ///< On which it begins, by bits from Sunday on; 0: it comes once, at `from`.
    std::chrono::minutes begin{0};       ///< Since midnight.
    std::chrono::minutes length{0};      ///< 0: it never comes.
    std::chrono::local_seconds from{};   ///< Of one that comes once;
    std::chrono::local_seconds until{};  ///< not in it any more.

    /// When the time of it that `local` lies in is over; nothing: it lies in none.
    std::optional<std::chrono::local_seconds> endAt(std::chrono::local_seconds local) const;

    bool operator==(const TimeWindow&) const = default;
};

/// A list of windows, as keys of the configuration give it: quiet hours, blackouts. Immutable, safe from any thread.
///
/// It is the local time that counts, as clocks on the wall show it: an hour that comes twice lies in its window both
/// times, one that does not come lies in none. A window has its first instant and not its last.
class TimeWindows {
public:
    TimeWindows() = default;
    /// Nothing: one of them is none. Those that begin and end at the same time of each day never come.
    static std::optional<TimeWindows> parse(std::string_view text);

    bool empty() const { return _windows.empty(); }
    const std::vector<TimeWindow>& all() const { return _windows; }

    /// The first of them that the local time lies in; null: it lies in none.
    const TimeWindow* at(std::chrono::local_seconds local) const;
    /// The first instant after `now` that lies in none of them; nothing: `now` itself does. Windows that overlap or
    /// meet are one; of those that leave out no time at all, the end is far away.
    std::optional<TimePoint> endAfter(TimePoint now, const TimeZone& zone) const;

    bool operator==(const TimeWindows&) const = default;

private:
    std::vector<TimeWindow> _windows{};
};

}  // namespace carillon
