#pragma once

#include "carillon/ConfigReader.h"
#include "config/Configuration.h"
#include "scheduler/RunRequest.h"
#include "scheduler/SchedulerState.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace carillon {

/// Who the host is and how it stands.
struct HostState {
    std::string state{};  ///< ready, degraded (see problems) or draining.
    std::string host{};
    std::string version{};
    std::string config{};
    std::string http{};  ///< Where it answers browsers: `http://127.0.0.1:8620`; empty: nowhere.
    int pid = 0;
    TimePoint since{};
    std::size_t workersMax = 0;
    std::vector<std::string> problems{};  ///< What needs a person, a sentence each.
    SchedulerState scheduler{};
};

/// What a reload did.
struct ReloadResult {
    bool swapped = false;
    std::vector<std::string> difference{};  ///< A line a thing that is another now, or would be.
    std::vector<ConfigFault> faults{};      ///< Why it was not swapped, or of what was left out.
    std::vector<ConfigFault> warnings{};    ///< Of the new configuration: right but hardly meant.
    std::string reason{};                   ///< Why it was not swapped; empty: it was.
};

/// What may be asked of a running host, by its socket, its page or a signal. Safe from any thread.
class HostActions {
public:
    virtual ~HostActions() = default;

    /// What is in force now.
    virtual std::shared_ptr<const Configuration> configuration() = 0;
    virtual HostState state() = 0;
    /// Of the jobs that the pattern means, `most` at most.
    virtual std::vector<JobState> jobStates(const std::string& pattern, std::size_t most) = 0;
    /// Of these jobs, without those that the host does not know.
    virtual std::vector<JobState> jobStates(const std::vector<std::string>& jobs) = 0;
    virtual void ask(RunRequest ask) = 0;
    /// Those that this changed. Throws StoreException.
    virtual std::vector<std::string> setPaused(const std::string& pattern, bool paused) = 0;
    /// Has a run end, or what jobs run, were asked for or would try again: see Scheduler::stop().
    virtual StopResult stop(const std::string& patternOrRun, const std::string& who) = 0;
    virtual ReloadResult reload() = 0;
};

}  // namespace carillon
