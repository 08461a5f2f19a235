#pragma once

#include "alerts/AlertPolicy.h"
#include "alerts/JobTroubles.h"
#include "record/Run.h"
#include "store/JobStanding.h"
#include "store/RunStore.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

/// What of what is expected of jobs is not met, by the history and by the expectations as they are now.
namespace carillon {

/// Runs that are looked at for that: of more in a row nobody is told.
inline constexpr std::size_t kRunsJudged = 20;

/// Pure. Of each expectation what the newest run that tells of it says, if that does not meet it; with how many in a
/// row did not. `runs`: of the job, newest first.
std::vector<JobTrouble> findUnmet(const std::string& job, const std::vector<Expectation>& expectations,
                                  const std::vector<RunRow>& runs, TimePoint now);

/// Pure. `since`: the last success; without one since when it is expected.
std::optional<JobTrouble> findLackOfSuccess(const std::string& job, const Expectation& expectation, TimePoint since,
                                            TimePoint now);

/// Of the jobs of the configuration that `accepts` takes. `standings`: of these at least. Throws StoreException.
std::vector<JobTrouble> readUnmet(RunStore& store, const std::vector<JobStanding>& standings, const AlertPolicy& policy,
                                  const std::function<bool(const std::string& job)>& accepts, TimePoint now);

/// In the order of findTroubles().
std::vector<JobTrouble> merged(std::vector<JobTrouble> troubles, const std::vector<JobTrouble>& more);

}  // namespace carillon
