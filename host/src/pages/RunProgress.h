#pragma once

#include "pages/DayBook.h"
#include "pages/Wording.h"
#include "record/TaskMessage.h"

#include <chrono>
#include <optional>
#include <string>

namespace carillon {

/// How long the runs of a job usually take: the median of the last ones; nothing: none has ended.
std::optional<std::chrono::microseconds> usualLength(const JobDay& day);

/// A run that goes on, and how far it has come as its task told it last; nothing: it tells nothing.
struct RunProgress {
    std::string run{};
    std::optional<TimePoint> startedAt{};  ///< Nothing: not known yet.
    std::optional<Progress> told{};
    std::optional<std::chrono::microseconds> usual{};
};

/// `1,250 of 10,000`, or `1,250` of nobody knows how many; empty: it tells nothing.
std::string progressFigures(const Texts& texts, const RunProgress& progress);

/// A bar with its words, HTML that page.js keeps up to date: `1,250 of 10,000 letters, for 1 min, usually about 2 min`.
/// Its end is known when the task tells it.
std::string progressBar(const Reader& reader, const RunProgress& progress);
/// The same where there is little room: with the figures alone, else the time, and all of it as a tooltip.
std::string smallProgressBar(const Reader& reader, const RunProgress& progress);

}  // namespace carillon
