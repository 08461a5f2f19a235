#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// Reads `500ms`, `90s`, `5m`, `2h`, `1d`: a whole number and its unit, nothing else. A bare number has no unit and is
/// refused, as is more than 146,000 years: what fits is also an instant from now.
inline std::optional<std::chrono::milliseconds> parseDuration(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number < 0) return std::nullopt;
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const std::int64_t factor = unit == "ms"  ? 1
                                : unit == "s" ? 1'000
                                : unit == "m" ? 60'000
                                : unit == "h" ? 3'600'000
                                : unit == "d" ? 86'400'000
                                              : 0;
    if (factor == 0 || number > std::numeric_limits<std::int64_t>::max() / 2'000 / factor) return std::nullopt;
    return std::chrono::milliseconds(number * factor);
}

/// The same duration in its largest whole unit: `90s`, `5m`.
inline std::string formatDuration(std::chrono::milliseconds duration) {
    const std::int64_t count = duration.count();
    const auto whole = [count](std::int64_t unit) { return count != 0 && count % unit == 0; };
    if (whole(86'400'000)) return std::to_string(count / 86'400'000) + "d";
    if (whole(3'600'000)) return std::to_string(count / 3'600'000) + "h";
    if (whole(60'000)) return std::to_string(count / 60'000) + "m";
    if (whole(1'000)) return std::to_string(count / 1'000) + "s";
    return std::to_string(count) + "ms";
}

}  // namespace carillon
