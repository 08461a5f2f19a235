#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// Poco's priorities as a line names them, from PRIO_FATAL on.
inline constexpr std::array<std::string_view, 8> kLogLevels = {"fatal",  "critical",    "error", "warning",
                                                               "notice", "information", "debug", "trace"};

/// What JsonLineFormatter makes, one object of JSON, of the message whose line LineFormatter wrote; nothing for any
/// other line. Bytes that are not UTF-8 stay \xNN, because JSON has no bytes.
std::optional<std::string> parseLogLine(const std::string& line);

}  // namespace carillon
