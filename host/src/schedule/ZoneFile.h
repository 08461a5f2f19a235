#pragma once

#include "schedule/ZoneRule.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// What a compiled file of the time-zone database (TZif, RFC 8536) says.
struct ZoneFile {
    std::chrono::seconds firstOffset{};         ///< Before the first transition.
    std::vector<ZoneTransition> transitions{};  ///< In order.
    std::optional<ZoneRule> rule{};             ///< After the last one; none: its offset stays.

    /// Throws ScheduleError when the file cannot be read, is none of that kind, is damaged or counts leap seconds.
    static ZoneFile read(const std::string& path);
    /// The same of the file's bytes; `path` is for messages.
    static ZoneFile parse(const std::string& bytes, const std::string& path);
};

}  // namespace carillon
