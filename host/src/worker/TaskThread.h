#pragma once

#include "plugins/PluginCache.h"
#include "worker/TaskSeat.h"

#include <atomic>
#include <memory>
#include <string>

namespace carillon {

/// Runs trusted tasks (job.isolation = thread) in the caller's own thread: no process, no pipe, and nothing that ends
/// a task but the task itself, which sees its time limit and requests to stop in its StopToken. A crash is the host's;
/// job.memory has no effect. Libraries are loaded once and stay.
class TaskThread final : public TaskSeat {
public:
    /// Borrows the cache, which all threads share.
    explicit TaskThread(PluginCache& plugins);
    TaskThread(const TaskThread&) = delete;
    TaskThread& operator=(const TaskThread&) = delete;
    ~TaskThread() override;

    void start(const WorkerRequest& request, WorkerListener listener) override;
    bool waitUntilPrepared() override;
    void begin(const RunIdentity& identity, std::chrono::milliseconds timeout,
               int logLevel = Poco::Message::PRIO_INFORMATION) override;
    /// The task runs in here.
    WorkerEnd finish() override;
    void requestStop(const Message& why) override;

private:
    struct Run;

    PluginCache& _plugins;
    std::unique_ptr<Run> _run;
    std::atomic<bool> _stopRequested{false};
};

}  // namespace carillon
