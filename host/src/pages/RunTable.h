#pragma once

#include "pages/Template.h"
#include "pages/Wording.h"
#include "store/RunRows.h"

#include <string>
#include <vector>

namespace carillon {

/// A row of the table of runs: path, started, age, outcome, colour, took, items, trigger, message. HTML but for trigger
/// and message.
Fields runLine(const Reader& reader, const RunRow& run);
Fields runLines(const Reader& reader, const std::vector<RunRow>& runs);

/// A chart of the last runs, for charts.js: what it shows in words, and its points as JSON.
struct RunChart {
    std::string title{};
    std::string alternative{};
    std::string points{};  ///< `[[milliseconds since 1970, value, "run"],…]`, the oldest first.
};

/// Items, duration, what was left and how late they began; those that no run has a figure for are left out. `runs`:
/// newest first.
std::vector<RunChart> runChartsOf(const Reader& reader, const std::vector<RunRow>& runs);

}  // namespace carillon
