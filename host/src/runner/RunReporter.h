#pragma once

#include "carillon/Clock.h"
#include "config/HostConfig.h"
#include "logs/JobLog.h"
#include "record/Run.h"
#include "record/RunListener.h"
#include "runner/FrenchTexts.h"
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
    std::function<void(std::uint64_t done, std::uint64_t total, const Message& what)> onProgress{};
    std::function<void(const std::string& line)> onLogLine{};
    /// Asked at least every TaskSeat::kTick.
    std::function<StopSignals()> stopSignals{};
};

/// What every run does with what its task says, wherever the task lives: the job's log, the follower, the host's
/// observers, the result. One thread. Borrows log, follower and observers.
class RunReporter {
public:
    RunReporter(JobLog& log, const RunFollower& follower) : _log(log), _follower(follower) {}
    /// Of a run of this job.
    RunReporter(JobLog& log, const RunFollower& follower, std::string job, RunListeners observers)
        : _log(log), _follower(follower), _job(std::move(job)), _observers(std::move(observers)) {}

    /// For the seat; borrows this object.
    WorkerListener listener(std::function<void()> onTick);

    /// From now on the run has a name. It begins now: what was claimed longer ago than it takes to begin has waited for
    /// its seat, and that is no part of the run.
    void claimed(const Claim& claim, TimePoint now);
    /// Its first line in the log.
    void noteClaim(const Claim& claim);
    /// The same of a run whose task is called, which the observers learn.
    void noteStart(const Claim& claim);
    /// The task is over: the result has its report, and the log its last line. `stoppedBy`: who had it stopped; what
    /// was not done then has not failed.
    void end(const WorkerEnd& end, TimePoint finishedAt, const std::string& stoppedBy = {});

    /// `noun.verb key=value …`
    void note(Poco::Message::Priority level, const std::string& event,
              std::initializer_list<std::pair<std::string_view, std::string>> fields);

    RunResult& result() { return _result; }

private:
    void write(Poco::Message::Priority level, Poco::Timestamp at, const std::string& text);
    void progress(std::uint64_t done, std::uint64_t total, const Message& what);
    void noteStop(const std::string& by);

    JobLog& _log;
    const RunFollower& _follower;
    const std::string _job{};
    const RunListeners _observers{};
    RunResult _result;
};

/// What the history keeps of a run that is over. `pluginsDir`: where its plugin has its texts.
RunEnding endingOf(const RunResult& result, FrenchTexts& french, const std::string& pluginsDir);

}  // namespace carillon
