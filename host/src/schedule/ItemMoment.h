#pragma once

#include "schedule/LocalTime.h"

#include <optional>
#include <string_view>

namespace carillon {

/// The moment that a fact of an item tells, see Item::Facts; nothing: it tells another thing.
inline std::optional<TimePoint> momentIn(std::string_view name, std::string_view text) {
    return name.ends_with("_at") ? parseRfc3339(text) : std::nullopt;
}

}  // namespace carillon
