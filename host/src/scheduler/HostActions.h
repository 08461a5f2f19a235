#pragma once

#include "config/Configuration.h"
#include "record/Activity.h"
#include "record/HostState.h"
#include "scheduler/RunRequest.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

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
    /// For the actor that it names.
    virtual void submit(RunRequest request) = 0;
    /// Pauses jobs, or resumes them: nothing. Those that this changed. Throws StoreException.
    virtual std::vector<std::string> setPaused(const std::string& pattern, const std::optional<Pause>& pause,
                                               const Actor& who) = 0;
    /// Has a run end, or what jobs run, were asked for or would try again: see Scheduler::stop().
    virtual StopResult stop(const std::string& patternOrRun, const Actor& who) = 0;
    /// Who follows a run of that job, and asked for it, has it end.
    virtual void tellStop(const std::string& job, const Actor& who) = 0;
    virtual ReloadResult reload(const Actor& who) = 0;
};

}  // namespace carillon
