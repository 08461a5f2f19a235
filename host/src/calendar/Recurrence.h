#pragma once

#include "calendar/RecurrenceRule.h"

#include <chrono>
#include <cstddef>
#include <functional>

namespace carillon {

/// Nothing is followed beyond.
inline constexpr std::chrono::local_days kCalendarEnd{std::chrono::year{2200} / std::chrono::January / 1};

/// How much work the rules of one file may make: so many days may be looked at and taken. Plain data.
struct RecurrenceLimit {
    std::size_t looks = 20'000'000;
    std::size_t taken = 500'000;
};

/// Calls `take` with each day on which the rule has something begin, the first one `first`, in their order, up to the
/// end of 2199, the rule's COUNT, or until `take` returns false. UNTIL is left to `take`. `first` counts although the
/// rule may not name it. Returns false when the limit, which is counted down, ends it.
bool eachDayOf(const RecurrenceRule& rule, std::chrono::local_days first, RecurrenceLimit& limit,
               const std::function<bool(std::chrono::local_days)>& take);

}  // namespace carillon
