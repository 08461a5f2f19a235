#pragma once

#include "carillon/Clock.h"
#include "schedule/TimeZone.h"

#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// Which of the moments that a text could mean: a span and a time of day lie before now or after it.
enum class MomentSide { Past, Future };

/// Reads a moment as people write it: `2026-12-24 18:00`, with seconds or a T if need be; `2026-12-24`, its beginning;
/// `18:00`, the next time or the last time that it is so late; a span such as `2h`, from now; or RFC 3339. Local times
/// are those of the zone: of one that comes twice the first, of one that does not exist the first moment after the gap.
/// Nothing when it is anything else or lies outside the years 1970 to 9999.
std::optional<TimePoint> parseMoment(std::string_view text, TimePoint now, const TimeZone& zone, MomentSide side);

/// The same of the end of something that begins now. Throws Poco::InvalidArgumentException: what was given, and what is
/// expected, as the rest of a sentence; also for what is past.
TimePoint parseEnd(const std::string& text, TimePoint now, const TimeZone& zone);

}  // namespace carillon
