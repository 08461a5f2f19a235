#pragma once

#include "carillon/Clock.h"
#include "config/HostConfig.h"
#include "logs/JobLog.h"
#include "record/Run.h"
#include "record/RunListener.h"
#include "store/Claims.h"
#include "worker/TaskSeat.h"

#include "Poco/Message.h"
#include "Poco/Timestamp.h"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// The signals to stop that have come.
struct StopSignals {
    int count = 0;
    int number = 0;    ///< Of the last one.
    std::string by{};  ///< Who wants it, by Ctrl-C or `carillon stop`; empty: it came from elsewhere.
};

/// The sender, else the signal: `SIGTERM`.
std::string nameOf(const StopSignals& stops);

/// Who follows a run; called on the thread that runs it.
struct RunFollower {
    std::function<void(std::uint64_t done, std::uint64_t total, const std::string& what)> onProgress{};
    std::function<void(const std::string& line)> onLogLine{};
    /// Asked at least every TaskSeat::kTick.
    std::function<StopSignals()> stopSignals{};
};

/// What every run does with what its task says, wherever the task lives: the job's log, the follower, the host's
/// observer, the result. One thread. Borrows log, follower and observer.
class RunReporter {
public:
    RunReporter(JobLog& log, const RunFollower& follower) : _log(log), _follower(follower) {}
    /// Of a run of this job; the observer may be null.
    RunReporter(JobLog& log, const RunFollower& follower, std::string job, RunListener* observer)
        : _log(log), _follower(follower), _job(std::move(job)), _observer(observer) {}

    /// For the seat; borrows this object.
    WorkerListener listener(std::function<void()> onTick);

    /// From now on the run has a name.
    void claimed(const Claim& claim) { _result.identity = claim.identity; }
    /// Its first line in the log.
    void noteBegin(const Claim& claim);
    /// The task is over: the result has its report, and the log its last line. `stoppedBy`: who had it stopped; what
    /// was not done then has not failed.
    void end(const WorkerEnd& end, TimePoint finishedAt, const std::string& stoppedBy = {});

    /// `noun.verb key=value …`
    void note(Poco::Message::Priority level, const std::string& event,
              std::initializer_list<std::pair<std::string_view, std::string>> fields);

    RunResult& result() { return _result; }

private:
    void write(Poco::Message::Priority level, Poco::Timestamp at, const std::string& text);
    void progress(std::uint64_t done, std::uint64_t total, const std::string& what);
    void noteStop(const std::string& by);

    JobLog& _log;
    const RunFollower& _follower;
    const std::string _job{};
    RunListener* const _observer = nullptr;
    RunResult _result;
};

/// What the history keeps of a run that is over.
RunEnding endingOf(const RunResult& result);

}  // namespace carillon
