#pragma once

#include "carillon/RunContext.h"
#include "record/TaskMessage.h"
#include "worker/WorkerRequest.h"

#include "Poco/Message.h"
#include "Poco/Timestamp.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace carillon {

/// How the call of a task ended. A plugin that crashes, exits or closes its pipes costs its own run only.
struct WorkerEnd {
    std::optional<RunReport> report{};  ///< Run, Replay, Dismiss, Verify and Preview.
    Message error{};                    ///< What the task threw, or how the process ended; empty when all was done.
};

/// What the host does with what a task says; see Hearing. Every text is free of known secrets. Called on the thread
/// that uses the seat; only TaskThread hands over a LogMessage on whatever thread the task logs from, one at a time.
struct WorkerListener {
    std::function<void(const TaskMessage&)> onMessage{};
    /// Called at least every TaskSeat::kTick while a process works; in a thread only when the task tells its progress.
    /// For a process it may throw, which gives the seat up.
    std::function<void()> onTick{};
};

/// How long the host waits for a task that gets nowhere.
struct WorkerLimits {
    std::chrono::milliseconds prepare{30'000};    ///< From the start until the task is configured, or described.
    std::chrono::milliseconds stopGrace{10'000};  ///< From the request to stop, or the report, until it is ended.
};

/// Where tasks run, one after the other: a worker process (WorkerProcess, or WorkerSeat, which replaces it when it has
/// to) or the thread of the caller (TaskThread). For each run in this order: start(), waitUntilPrepared() and begin(),
/// finish(). begin() may come before waitUntilPrepared(), which saves a round trip; no begin() at all gives the task
/// up. One thread, but for requestStop().
class TaskSeat {
public:
    static constexpr std::chrono::milliseconds kTick{50};

    virtual ~TaskSeat() = default;

    /// Lets the task be created and configured. The listener is used until finish() returns.
    virtual void start(const WorkerRequest& request, WorkerListener listener) = 0;

    /// Waits until the task is configured. False: it will not run, see finish().
    virtual bool waitUntilPrepared() = 0;

    /// Lets the task run; timeout 0 = none. Log lines above the level, a Poco::Message::Priority, stay with the task.
    virtual void begin(const RunIdentity& identity, std::chrono::milliseconds timeout,
                       int logLevel = Poco::Message::PRIO_INFORMATION) = 0;

    /// Waits for the end of the call. Nothing of it reaches the listener afterwards.
    virtual WorkerEnd finish() = 0;

    /// Asks the task to stop. In a process, after the grace, it is ended, and at once by a second call; in a thread
    /// nothing but the task itself can end it. `why` is the run's message should the task not end by itself. Safe from
    /// any thread between start() and finish(); the call takes effect within a tick.
    virtual void requestStop(const Message& why) = 0;
};

}  // namespace carillon
