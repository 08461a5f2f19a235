#pragma once

#include "carillon/Clock.h"

#include <cstdint>
#include <optional>
#include <string>

namespace carillon {

/// What there is of the logs in one folder.
struct LogExtent {
    std::uintmax_t bytes = 0;
    std::optional<TimePoint> since{};  ///< When the oldest file was written last; nothing: there is none.
};

/// Removes the rotated files of logs (`NAME.log.0`, `NAME.log.1.gz` …) that were written last before that time; the
/// file that is being written stays, whatever its age. Looks at plain files of the folder itself alone, and passes over
/// what cannot be read or removed.
void removeOldLogs(const std::string& logsDir, TimePoint before);

LogExtent readLogExtent(const std::string& logsDir);

}  // namespace carillon
