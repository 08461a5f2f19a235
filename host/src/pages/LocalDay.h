#pragma once

#include "carillon/Clock.h"
#include "schedule/TimeZone.h"

#include <chrono>
#include <string>

namespace carillon {

/// A day as the clocks of a zone have it: 23 to 25 hours where they are changed.
struct LocalDay {
    std::chrono::local_days date{};
    TimePoint from{};
    TimePoint until{};  ///< Not in it any more.

    /// `2026-11-30`
    std::string text() const;
};

LocalDay localDay(std::chrono::local_days date, const TimeZone& zone);
LocalDay localDayOf(TimePoint at, const TimeZone& zone);

}  // namespace carillon
