#pragma once

#include "record/Activity.h"
#include "scheduler/HostActions.h"

#include <memory>
#include <string>
#include <vector>

namespace carillon {

/// What people and programs do with a host, with a record of each act and of who did it: the one way by which socket,
/// page and REST API reach it. Any thread; borrows host and recorder.
class RecordedActions final : public HostActions {
public:
    RecordedActions(HostActions& host, ActivityRecorder& recorder) : _host(host), _recorder(recorder) {}

    std::shared_ptr<const Configuration> configuration() override { return _host.configuration(); }
    HostState state() override { return _host.state(); }
    std::vector<JobState> jobStates(const std::string& pattern, std::size_t most) override {
        return _host.jobStates(pattern, most);
    }
    std::vector<JobState> jobStates(const std::vector<std::string>& jobs) override { return _host.jobStates(jobs); }

    void submit(RunRequest request) override;
    /// The pause is by who wants it.
    std::vector<std::string> setPaused(const std::string& pattern, const std::optional<Pause>& pause,
                                       const Actor& who) override;
    StopResult stop(const std::string& patternOrRun, const Actor& who) override;
    void tellStop(const std::string& job, const Actor& who) override;
    ReloadResult reload(const Actor& who) override;

private:
    HostActions& _host;
    ActivityRecorder& _recorder;
};

/// What is kept of a run or replay that is asked for: which items, and which keys are others, without their values,
/// which may be secret.
Activity activityOf(const Actor& who, WorkerRequest::Verb verb, const std::string& job, const ReplayRequest& replay,
                    const Overrides& overrides);

}  // namespace carillon
