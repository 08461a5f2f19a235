#pragma once

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// Reads `512B`, `16K`, `64M`, `2G`: a whole number and its unit, nothing else; each unit is 1024 of the one before. A
/// bare number has no unit and is refused, as is what does not fit.
inline std::optional<std::uint64_t> parseBytes(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const std::uint64_t factor = unit == "B"   ? 1
                                 : unit == "K" ? 1ULL << 10
                                 : unit == "M" ? 1ULL << 20
                                 : unit == "G" ? 1ULL << 30
                                               : 0;
    if (factor == 0 || number > std::numeric_limits<std::uint64_t>::max() / factor) return std::nullopt;
    return number * factor;
}

/// The same size in its largest whole unit: `64M`, `1536K`.
inline std::string formatBytes(std::uint64_t bytes) {
    const auto whole = [bytes](std::uint64_t unit) { return bytes != 0 && bytes % unit == 0; };
    if (whole(1ULL << 30)) return std::to_string(bytes >> 30) + "G";
    if (whole(1ULL << 20)) return std::to_string(bytes >> 20) + "M";
    if (whole(1ULL << 10)) return std::to_string(bytes >> 10) + "K";
    return std::to_string(bytes) + "B";
}

}  // namespace carillon
