#pragma once

#include "base/JsonValue.h"
#include "base/JsonWriter.h"
#include "carillon/Clock.h"

#include <optional>
#include <string_view>

/// How the store keeps moments of alerts: microseconds since 1970, and no member for one that there is not.
namespace carillon {

inline void put(JsonWriter& json, std::string_view name, const std::optional<TimePoint>& at) {
    if (at) json.member(name, at->time_since_epoch().count());
}

inline TimePoint instantOf(const JsonValue& json) {
    return TimePoint(std::chrono::microseconds(json.number<std::int64_t>()));
}

inline std::optional<TimePoint> timeOf(const JsonValue& json, std::string_view name) {
    return json.has(name) ? std::optional(instantOf(json[name])) : std::nullopt;
}

}  // namespace carillon
