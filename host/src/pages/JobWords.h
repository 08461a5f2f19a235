#pragma once

#include "config/Configuration.h"
#include "pages/DayBook.h"
#include "pages/Template.h"
#include "pages/Wording.h"
#include "record/HostState.h"
#include "record/Run.h"

#include <optional>
#include <string>

/// How jobs and runs are called on all pages. A `badge` is the class of their colour: good, bad, busy, warn or calm.
namespace carillon {

/// A state in words, with the class of its colour.
struct Badge {
    std::string words{};
    std::string colour{};
};

/// What a job's row says first: that its last run failed, or that its slots pass without one, when it is at rest.
std::string shownState(const JobState& job, const std::optional<RunRow>& last, bool isLate);
Badge badgeOfState(const Texts& texts, const JobState& job, const std::string& shownState);

/// succeeded, nothing_to_do, failed, stopped or running.
std::string outcomeOf(const RunRow& run);
Badge badgeOfRun(const Texts& texts, const RunRow& run);

/// Sets `words` and `colour`.
Fields badgeFields(const Badge& badge);

/// The schedule in words with a capital, and its zone if that is not the reader's; empty: there is none.
std::string scheduleWords(const Reader& reader, const JobRef& job);

std::string jobPath(const std::string& job);
std::string runPath(const std::string& run);

}  // namespace carillon
