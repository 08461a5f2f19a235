#include "worker/TaskThread.h"

#include "worker/RunReceiver.h"
#include "worker/TaskCall.h"
#include "worker/TaskContext.h"
#include "worker/WordedOutput.h"

#include <optional>
#include <utility>

namespace carillon {

/// Members in the order in which they outlive each other.
struct TaskThread::Run {
    Run(WorkerListener listener, const std::string& library)
        : receiver(std::move(listener)), output(receiver, library) {}

    RunReceiver receiver;
    WordedOutput output;
    std::optional<TaskContext> context{};
    MemoryLimit unlimited{0};
    TaskCall task{output, unlimited};
    bool prepared = false;
};

TaskThread::TaskThread(PluginCache& plugins) : _plugins(plugins) {}

TaskThread::~TaskThread() = default;

void TaskThread::start(const WorkerRequest& request, WorkerListener listener) {
    _stopRequested.store(false);
    _run = std::make_unique<Run>(std::move(listener), request.library);
    _run->prepared = _run->task.prepare(request, _plugins);
}

bool TaskThread::waitUntilPrepared() {
    return _run->prepared;
}

void TaskThread::begin(const RunIdentity& identity, std::chrono::milliseconds timeout, int logLevel) {
    _run->context.emplace(identity, _stopRequested, timeout, logLevel, _run->output);
}

WorkerEnd TaskThread::finish() {
    if (_run->prepared && _run->context) _run->task.call(*_run->context);
    WorkerEnd end = std::move(_run->receiver.end());
    _run.reset();
    return end;
}

void TaskThread::requestStop(const Message&) {
    _stopRequested.store(true);
}

}  // namespace carillon
