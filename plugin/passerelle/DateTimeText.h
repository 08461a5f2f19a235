#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace passerelle {

/// A date-time as somebody wrote it, to the second.
struct DateTimeText {
    std::chrono::local_seconds local{};
    std::optional<std::chrono::seconds> offset{};  ///< East of UTC; none: the text leaves it to the reader's zone.
};

/// Reads the forms of ISO 8601 that name one second: `2026-11-20 10:00:00`, `2026-11-20T10:00Z`,
/// `2026-11-20t10:00:00,25+0100`, `20261120T100000Z`; blanks may surround the text and one may precede the offset. A
/// fraction is cut off, the end of a day (24:00) is the beginning of the next one, a leap second is the second before
/// it. Nothing when it is anything else or names a day that is not there.
std::optional<DateTimeText> parseDateTime(std::string_view text);

/// `YYYY-MM-DD HH:MM:SS`, of the years 0 to 9999.
std::string formatDateTime(std::chrono::local_seconds at);

}  // namespace passerelle
