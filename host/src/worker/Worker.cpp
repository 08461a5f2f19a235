#include "worker/WorkerLaunch.h"

#include "plugins/PluginCache.h"
#include "worker/MemoryLimit.h"
#include "worker/RunTraces.h"
#include "worker/TaskCall.h"
#include "worker/TaskContext.h"
#include "worker/WorkerPipes.h"
#include "worker/WorkerRequest.h"

#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <thread>

namespace carillon {
namespace {

std::atomic<bool> stopRequested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set in a signal handler");

/// Ends this process, and all that its tasks have started in its group, once the host is gone.
void watchHost(int fromHost) {
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the task's thread
    std::thread([fromHost] {
        pollfd host{fromHost, 0, 0};
        while (::poll(&host, 1, -1) != 1) {
        }
        // A task may close the descriptor before this thread looks at it. The host lives then, and hears of it.
        if ((host.revents & POLLNVAL) != 0) return;
        ::kill(0, SIGKILL);
    }).detach();
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

class Worker {
public:
    Worker(int fromHost, int toHost) : _pipes(fromHost, toHost), _traces({fromHost, toHost}) {}

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
        stopRequested.store(false);
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
        TaskCall task(_pipes, limit);
        const bool prepared = task.prepare(request, _plugins);
        if (request.verb != WorkerRequest::Verb::Describe) _pipes.prepared(prepared);
        if (!prepared) return task.ranOutOfMemory();
        const auto begin = receiveBegin();
        if (!begin) return false;
        context.emplace(begin->identity, stopRequested, begin->timeout, begin->logLevel, _pipes);
        task.call(*context);
        return task.ranOutOfMemory();
    }

    std::optional<RunBegin> receiveBegin() {
        const auto line = _pipes.receive();
        if (!line) return std::nullopt;
        const auto json = JsonValue::parse(*line);
        return json.has("begin") ? std::optional(fromJson<RunBegin>(json["begin"])) : std::nullopt;
    }

    WorkerPipes _pipes;
    RunTraces _traces;
    PluginCache _plugins;
};

}  // namespace

void serveAsWorker(int fromHost, int toHost, HostWatch watch) noexcept {
    std::signal(SIGTERM, [](int) { stopRequested.store(true); });
    std::signal(SIGPIPE, SIG_IGN);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);  // a crash must not take with it what was printed before
    // What a task's children leave behind comes back to this process, which ends it.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    try {
        if (watch == HostWatch::Thread) watchHost(fromHost);
        Worker(fromHost, toHost).serve();
    } catch (...) {  // out of memory, or out of step with the host: the exit code says the rest
        std::cerr << "the worker ends: " << describeCurrentException() << std::endl;
        ::_exit(EXIT_FAILURE);
    }
    // Not exit(): what the host had built before the fork is not this process's to destroy.
    ::_exit(EXIT_SUCCESS);
}

}  // namespace carillon
