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

/// What is kept of a run, replay or dismissal that is asked for: which items, and which keys are others, without their
/// values, which may be secret.
Activity activityOf(const Actor& who, const std::string& job, const Overrides& overrides);
Activity activityOf(const Actor& who, const std::string& job, const ReplayRequest& replay);
Activity activityOf(const Actor& who, const std::string& job, const DismissRequest& dismissal);
/// Of a RunRequest or a RunOrder for that job.
template <class Asked>
Activity activityOf(const Actor& who, const std::string& job, const Asked& asked) {
    if (asked.verb == WorkerRequest::Verb::Replay) return activityOf(who, job, asked.replay);
    if (asked.verb == WorkerRequest::Verb::Dismiss) return activityOf(who, job, asked.dismissal);
    return activityOf(who, job, asked.overrides);
}

}  // namespace carillon
