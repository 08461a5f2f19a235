#pragma once

#include "pages/DayBook.h"
#include "pages/Template.h"
#include "pages/Wording.h"

#include <chrono>
#include <optional>
#include <string>

namespace carillon {

/// How long the runs of a job usually take: the median of the last ones; nothing: none has ended.
std::optional<std::chrono::microseconds> usualLength(const JobDay& day);

/// How far a run has come, by how long the ones before it took: a run tells it by itself only while somebody watches.
struct RunProgress {
    std::optional<int> percent{};  ///< At most 99: it goes on; empty: nobody knows.
    std::string words{};           ///< `1 min 20 s of about 2 min`, or the first part of it.
};

RunProgress progressOf(const Reader& reader, TimePoint startedAt,
                       const std::optional<std::chrono::microseconds>& usual);

/// Sets `hasProgress`, `progress` and `percent`; `hasPercent`, whether it is known.
void setProgress(Fields& fields, const std::optional<RunProgress>& progress);

}  // namespace carillon
