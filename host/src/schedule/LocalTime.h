#pragma once

#include "carillon/Clock.h"
#include "schedule/TimeZone.h"

#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// Reads RFC 3339: `2026-03-28T00:00:00Z`, `2026-03-28T01:00:00.5+01:00`. Nothing when it is anything else or names a
/// day that is not there. Digits after the microseconds are cut off.
std::optional<TimePoint> parseRfc3339(std::string_view text);

/// `2026-03-28T23:00:00Z`; with milliseconds only if there are any.
std::string toShortRfc3339(TimePoint at);
/// `2026-03-29T00:00:00+01:00`, the local time of the zone; with milliseconds only if there are any. An offset that has
/// seconds, as before zones were agreed on, is rounded to minutes, and the local time with it.
std::string toLocalRfc3339(TimePoint at, const TimeZone& zone);

}  // namespace carillon
