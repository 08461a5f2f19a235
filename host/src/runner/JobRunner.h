#pragma once

#include "carillon/Clock.h"
#include "config/JobConfig.h"
#include "runner/WorkerProcess.h"
#include "store/RunStore.h"

#include "Poco/JSON/Object.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// A run that is asked for.
struct RunOrder {
    const HostConfig& host;
    const JobConfig& job;
    WorkerRequest::Verb verb = WorkerRequest::Verb::Run;  ///< Run or Replay.
    std::vector<std::int64_t> ids{};                      ///< Of Replay.
    std::string trigger = "cli";
    std::chrono::milliseconds timeout{0};  ///< 0: none.
    bool wait = false;                     ///< Queue behind a run in progress instead of being refused.
    WorkerLimits limits{};
};

/// How it went.
struct RunResult {
    enum class Kind { Ran, Busy, BadConfiguration };

    Kind kind = Kind::Ran;
    RunIdentity identity{};             ///< Ran
    RunReport report{};                 ///< Ran
    TimePoint finishedAt{};             ///< Ran
    int stoppedBy = 0;                  ///< Ran or Busy: the signal that ended it, or the wait, early; 0: none.
    Holder holder{};                    ///< Busy
    std::vector<ConfigFault> faults{};  ///< BadConfiguration
};

/// Who follows a run; called on the thread that runs it.
struct RunFollower {
    std::function<void(std::uint64_t done, std::uint64_t total, const std::string& what)> onProgress{};
    std::function<void(const std::string& line)> onLogLine{};
    /// Asked at least every TaskSeat::kTick: how many signals to stop have come, and the last one's number.
    std::function<std::pair<int, int>()> stopSignals{};
};

/// One run from claim to record: in a worker process, under the job's lock, with its log. The caller must have no
/// second thread. Throws StoreException when the store cannot be used before the run; whatever the plugin does is a
/// failed report.
RunResult runJob(const RunOrder& order, const Clock& clock, const RunFollower& follower);

/// The report as users get it and as the history keeps it.
Poco::JSON::Object::Ptr reportJson(const RunResult& result);

}  // namespace carillon
