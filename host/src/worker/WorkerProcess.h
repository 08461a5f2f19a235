#pragma once

#include "platform/ChildProcess.h"
#include "platform/FileFacts.h"
#include "platform/ThisProgram.h"
#include "worker/RunReceiver.h"
#include "worker/TaskSeat.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace carillon {

/// The host's side of one worker process: a child in a process group of its own, which ends with its host and takes
/// one run after the other. The host ignores SIGPIPE.
/// Invariant: after the destructor nothing of the child or of its group is left.
class WorkerProcess final : public TaskSeat {
public:
    /// Starts the process. Throws Poco::SystemException when the system refuses.
    explicit WorkerProcess(Launch launch, const WorkerLimits& limits = {},
                           const std::string& program = programToStartAgain());
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;
    ~WorkerProcess() override;

    void start(const WorkerRequest& request, WorkerListener listener) override;
    bool waitUntilPrepared() override;
    void begin(const RunIdentity& identity, std::chrono::milliseconds timeout,
               int logLevel = Poco::Message::PRIO_INFORMATION) override;
    WorkerEnd finish() override;
    void requestStop(const Message& why) override;

    /// Between two runs: whether it lives and is as new. One that is not has been ended.
    bool isUsable();
    /// The same, and it would run the library as it is on disk now.
    bool isUsableFor(const WorkerRequest& request);

    /// Why the last run made it unusable, such as "left a thread behind", for a log; empty: it did not.
    const std::string& flaw() const { return _flaw; }
    /// Those that were started.
    std::size_t runs() const { return _runs; }
    /// 0 when it is not known.
    std::size_t residentBytes() const;
    int pid() const { return _child.number(); }

private:
    using Moment = std::optional<std::chrono::steady_clock::time_point>;

    /// Of the run in progress.
    struct Run {
        explicit Run(WorkerListener listener) : receiver(std::move(listener)) {}

        RunReceiver receiver;
        std::optional<bool> prepared{};
        bool begun = false;
        bool returned = false;  // the worker waits for the next one
        bool killed = false;    // by this side, while it was alive
        Message stopReason{};
        Message lateReason{};  // why it is stopped at the deadline
        std::chrono::milliseconds timeout{0};
        Moment deadline{};
        Moment killAt{};
        std::size_t memory = 0;
        std::size_t residentMost = 0;
        Moment memoryLookAt{};
    };

    void send(const std::string& message);
    void sendRest();
    void pump();
    void readMessages();
    void readOutput();
    void onMessage(const std::string& line);
    void onPrepared(bool prepared);
    void startTimeLimit();
    std::pair<int, Message> takeStopRequests();
    void stop(const Message& why);
    void enforceLimits();
    void enforceMemoryLimit();
    void endLater();
    void kill();
    void readRest();
    void endUnlessUsable();
    void collect(ChildProcess::Wait wait);
    void completeEnd();
    Message describeEnd() const;

    const WorkerLimits _limits;
    ChildProcess _child;
    std::optional<ExitStatus> _status;  // once the process has ended
    std::string _messageBuffer;
    std::string _unsent;
    std::string _flaw;
    std::size_t _runs = 0;
    std::map<std::string, std::optional<FileFacts>> _libraries;  // as they were when they were first asked for
    std::optional<Run> _run;

    std::mutex _stopMutex;  // for the rest
    int _stopRequests = 0;  // not yet passed on
    Message _stopWhy;
};

}  // namespace carillon
