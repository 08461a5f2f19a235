#include "worker/Worker.h"

#include "platform/MemoryLimit.h"
#include "platform/RunTraces.h"
#include "plugins/PluginCache.h"
#include "worker/TaskCall.h"
#include "worker/TaskContext.h"
#include "worker/WordedOutput.h"
#include "worker/WorkerPipes.h"
#include "worker/WorkerRequest.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>

namespace carillon {
namespace {

constexpr int kUsageExit = 2;

class Worker {
public:
    Worker(const HostPipes& host, std::atomic<bool>& stopRequested)
        : _stopRequested(stopRequested), _pipes(host), _traces(host) {}

    void serve() {
        while (const auto line = _pipes.receive()) {
            const auto json = JsonValue::parse(*line);
            if (json.has("request")) serveRequest(fromJson<WorkerRequest>(json["request"]));
            // Else it is for a task that could not be prepared.
        }
    }

private:
    void serveRequest(const WorkerRequest& request) {
        // The host asked the run before to stop before it sent this one, so such a signal has come already.
        _stopRequested.store(false);
        const bool ranOutOfMemory = callTask(request);
        std::cout.flush();
        std::fflush(stdout);
        std::string flaw = _traces.remove();
        if (flaw.empty() && ranOutOfMemory) flaw = "ran out of memory";
        _pipes.returned(flaw);
    }

    /// Returns whether the task took all that it may. Ends when the task is destroyed.
    bool callTask(const WorkerRequest& request) {
        std::optional<TaskContext> context;  // outlives the task
        MemoryLimit limit(request.memory);
        WordedOutput output(_pipes, request.library);
        TaskCall task(output, limit);
        const bool prepared = task.prepare(request, _plugins);
        if (request.verb != WorkerRequest::Verb::Describe) _pipes.prepared(prepared);
        if (!prepared) return task.ranOutOfMemory();
        const auto begin = receiveBegin();
        if (!begin) return false;
        context.emplace(begin->identity, _stopRequested, begin->timeout, begin->logLevel, output);
        task.call(*context);
        return task.ranOutOfMemory();
    }

    std::optional<RunBegin> receiveBegin() {
        const auto line = _pipes.receive();
        if (!line) return std::nullopt;
        const auto json = JsonValue::parse(*line);
        return json.has("begin") ? std::optional(fromJson<RunBegin>(json["begin"])) : std::nullopt;
    }

    std::atomic<bool>& _stopRequested;
    WorkerPipes _pipes;
    RunTraces _traces;
    PluginCache _plugins;
};

}  // namespace

int runWorkerVerb(int argc, const char* const* argv) {
    if (const auto host = HostPipes::inherited(argc, argv)) serveAsWorker(*host);
    std::cerr << "carillon: error: the verb worker is for carillon itself, which starts it with pipes of its own; "
                 "see carillon --help\n";
    return kUsageExit;
}

void serveAsWorker(HostPipes host) noexcept {
    try {
        auto& stopRequested = host.serve();
        Worker(host, stopRequested).serve();
    } catch (...) {  // out of memory, or out of step with the host: the exit code says the rest
        std::cerr << "the worker ends: " << describeCurrentException() << std::endl;
        std::_Exit(EXIT_FAILURE);
    }
    // Not exit(): what the host had built before the fork is not this process's to destroy.
    std::_Exit(EXIT_SUCCESS);
}

}  // namespace carillon
