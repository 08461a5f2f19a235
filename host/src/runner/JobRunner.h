#pragma once

#include "carillon/Clock.h"
#include "config/JobConfig.h"
#include "runner/RunReporter.h"
#include "store/RunStore.h"
#include "worker/WorkerRequest.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// A run that is asked for.
struct RunOrder {
    const HostConfig& host;
    const JobConfig& job;
    WorkerRequest::Verb verb = WorkerRequest::Verb::Run;  ///< Run, Replay or Dismiss.
    ReplayRequest replay{};
    DismissRequest dismissal{};
    Overrides overrides{};  ///< Which are in the job already.
    Trigger trigger = Trigger::Cli;
    std::optional<TimePoint> slot{};       ///< The due time of the past that it is for.
    std::chrono::milliseconds timeout{0};  ///< 0: none.
    bool wait = false;                     ///< Queue behind a run in progress instead of being refused.
    WorkerLimits limits{};
};

/// One run from claim to record: in a worker process, under the job's lock, with its log. The caller must have no
/// second thread. A store that another program holds is waited for, for RunStore::kPatience; one that fails at the end
/// of the run likewise, so that the end is recorded if it can be. A signal ends each of these waits. Throws
/// StoreException when the store cannot be used before the run; whatever the plugin does is a failed report.
RunResult runJob(const RunOrder& order, const Clock& clock, const RunFollower& follower);

}  // namespace carillon
