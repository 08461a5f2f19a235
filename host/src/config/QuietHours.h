#pragma once

#include "carillon/Clock.h"
#include "schedule/TimeZone.h"

#include <chrono>
#include <optional>
#include <string_view>

namespace carillon {

/// Hours of each day, in the local time of a zone, in which nobody is to be disturbed. Plain data.
struct QuietHours {
    std::chrono::minutes from{0};  ///< Since midnight.
    std::chrono::minutes until{
        0};  ///< Not quiet any more; before `from` when they pass midnight, equal: there are none.

    /// `22:00-07:00`.
    static std::optional<QuietHours> parse(std::string_view text);

    /// When the quiet hours that `now` lies in are over; nothing: it lies in none. An hour that comes twice is quiet
    /// both times.
    std::optional<TimePoint> endAfter(TimePoint now, const TimeZone& zone) const;

    bool operator==(const QuietHours&) const = default;
};

}  // namespace carillon
