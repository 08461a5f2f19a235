#pragma once

#include "calendar/OffTimes.h"
#include "carillon/Clock.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// A stretch that is off: a day, or one time of a blackout. Plain data.
struct OffDate {
    std::string name{};  ///< Of the day, or of the event; empty: it is one of a window.
    TimePoint from{};
    TimePoint until{};                                 ///< Not in it any more.
    std::optional<std::chrono::local_days> movedTo{};  ///< Of a day off: where its slots move to; nothing: nowhere.
};

/// The days off that are not over at `now`, within a year, the first `most` of them. Weekends are left out unless they
/// have a name of their own.
std::vector<OffDate> daysOffAfter(const OffTimes& off, TimePoint now, std::size_t most);

/// The same of blackouts: windows and events, each by itself where they overlap.
std::vector<OffDate> blackoutsAfter(const OffTimes& off, TimePoint now, std::size_t most);

}  // namespace carillon
