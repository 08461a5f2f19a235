#pragma once

#include "carillon/RunContext.h"
#include "plugins/PluginLibrary.h"
#include "runner/Redactor.h"
#include "runner/Worker.h"

#include "Poco/JSON/Object.h"
#include "Poco/Message.h"
#include "Poco/Timestamp.h"

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace carillon {

/// How a worker process ended. A plugin that crashes, exits or closes its pipes costs its own run only.
struct WorkerEnd {
    std::optional<RunReport> report{};  ///< Run and Replay.
    std::string error{};                ///< What the task threw, or how the process ended; empty when all was done.
};

/// What the host does with what a worker says, called on the thread that pumps. Every text is free of known secrets.
struct WorkerListener {
    std::function<void(Poco::Message::Priority, Poco::Timestamp, const std::string& text)> onLog{};
    std::function<void(std::uint64_t done, std::uint64_t total, const std::string& what)> onProgress{};
    std::function<void(const Check&)> onCheck{};
    std::function<void(const Reject&)> onReject{};
    std::function<void(const ConfigFault&)> onFault{};
    std::function<void(const PluginDescription&)> onPlugin{};
    /// Called at least every kTick while the worker works.
    std::function<void()> onTick{};
};

/// How long the host waits for a worker that gets nowhere.
struct WorkerLimits {
    std::chrono::milliseconds prepare{30'000};    ///< From the start until the task is configured, or described.
    std::chrono::milliseconds stopGrace{10'000};  ///< From the request to stop, or the report, until it is ended.
};

/// The host's side of one worker process: a child in a process group of its own that ends with its parent. One thread.
/// Invariant: after the destructor nothing of the child or of its group is left.
class WorkerProcess {
public:
    static constexpr std::chrono::milliseconds kTick{50};

    /// Forks; the caller must have no second thread. Throws Poco::SystemException when the system refuses.
    WorkerProcess(const WorkerRequest& request, WorkerListener listener, const WorkerLimits& limits = {});
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;
    ~WorkerProcess();

    /// Waits until the task is created and configured. False: it will not run, see finish().
    bool waitUntilPrepared();

    /// Lets the task run; timeout 0 = none. Log lines above the level, a Poco::Message::Priority, stay in the worker.
    void begin(const RunIdentity& identity, std::chrono::milliseconds timeout,
               int logLevel = Poco::Message::PRIO_INFORMATION);

    /// Pumps until the process has ended.
    WorkerEnd finish();

    /// Asks the task to stop; after the grace the process is ended. A second call ends it at once. `why` is the run's
    /// message should the task not end by itself.
    void requestStop(const std::string& why);

private:
    void becomeWorker(const WorkerRequest& request, int commandPipe, int messagePipe, int outputPipe) noexcept;
    void pump();
    void readMessages();
    void readOutput();
    void onMessage(const std::string& line);
    void dispatch(const std::string& kind, const Poco::Dynamic::Var& value);
    void logOutput(const std::string& line);
    void enforceLimits();
    void kill();
    void endLater();
    void reap(int options);
    void completeEnd();
    std::string describeEnd() const;

    WorkerListener _listener;
    WorkerLimits _limits;
    Redactor _redactor;
    pid_t _pid = -1;
    int _commands = -1;
    int _messages = -1;
    int _output = -1;
    int _process = -1;  // becomes readable when the process ends
    std::string _messageBuffer;
    std::string _outputBuffer;
    std::optional<bool> _prepared;
    bool _done = false;
    std::optional<int> _status;  // of waitpid, once the process has ended
    WorkerEnd _end;
    std::string _stopReason;
    bool _killed = false;     // by this side, while it was alive
    std::string _lateReason;  // why it is stopped at the deadline
    std::optional<std::chrono::steady_clock::time_point> _deadline;
    std::optional<std::chrono::steady_clock::time_point> _killAt;
};

}  // namespace carillon
