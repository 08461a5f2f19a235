#include "runner/Worker.h"

#include "runner/WorkerMessages.h"

#include "Poco/AutoPtr.h"
#include "Poco/Channel.h"
#include "Poco/JSON/Parser.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <mutex>
#include <optional>

namespace carillon {
namespace {

using Poco::JSON::Object;

std::atomic<bool> stopRequested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set in a signal handler");

std::string describeCurrentException() {
    try {
        throw;
    } catch (const Poco::Exception& e) {
        return e.message().empty() ? e.displayText() : e.message();
    } catch (const std::exception& e) {
        return e.what();
    } catch (...) {
        return "an exception that is no std::exception";
    }
}

/// The two pipes to the host.
class HostPipes {
public:
    HostPipes(int in, int out) : _in(in), _out(out) {}

    /// A host that is gone has nobody to report to: the process ends, and the database undoes what was not committed.
    void send(const Object& message) const {
        const std::string line = toLine(message) + '\n';
        const std::lock_guard lock(_mutex);  // a task may log from a thread of its own
        for (std::size_t sent = 0; sent < line.size();) {
            const ssize_t n = ::write(_out, line.data() + sent, line.size() - sent);
            if (n > 0)
                sent += static_cast<std::size_t>(n);
            else if (n < 0 && errno != EINTR)
                ::_exit(EXIT_FAILURE);
        }
    }
    template <typename Value>
    void send(const std::string& kind, const Value& value) const {
        Object message;
        message.set(kind, value);
        send(message);
    }

    /// The host's next line; none when it let go of the worker.
    std::optional<std::string> receive() const {
        std::string line;
        char c = 0;
        for (;;) {
            const ssize_t n = ::read(_in, &c, 1);
            if (n == 1 && c == '\n') return line;
            if (n == 1)
                line += c;
            else if (n == 0 || errno != EINTR)
                return std::nullopt;
        }
    }

private:
    int _in;
    int _out;
    mutable std::mutex _mutex;
};

/// Sends what the task logs to the host, which owns the log file.
class HostChannel : public Poco::Channel {
public:
    explicit HostChannel(const HostPipes& pipes) : _pipes(pipes) {}
    void log(const Poco::Message& message) override {
        Object line;
        line.set("level", static_cast<int>(message.getPriority()));
        line.set("at", message.getTime().epochMicroseconds());
        line.set("text", message.getText());
        Object::Ptr content = new Object(line);
        _pipes.send("log", content);
    }

private:
    const HostPipes& _pipes;
};

class WorkerContext final : public RunContext {
public:
    WorkerContext(const HostPipes& pipes, RunIdentity identity, StopToken stop, int logLevel)
        : _pipes(pipes), _identity(std::move(identity)), _stop(stop), _log(Poco::Logger::get("carillon.task")) {
        _log.setChannel(Poco::AutoPtr<Poco::Channel>(new HostChannel(pipes)));
        _log.setLevel(logLevel);
    }
    const RunIdentity& identity() const override { return _identity; }
    const Clock& clock() const override { return _clock; }
    const StopToken& stop() const override { return _stop; }
    Poco::Logger& log() override { return _log; }
    void conceal(const std::string& secret) override { _pipes.send("conceal", secret); }

    void progress(std::uint64_t done, std::uint64_t total, std::string_view what) override {
        const auto now = std::chrono::steady_clock::now();
        if (now - _lastProgress < std::chrono::milliseconds(100)) return;
        _lastProgress = now;
        Object::Ptr content = new Object;
        content->set("done", done);
        content->set("total", total);
        content->set("what", std::string(what));
        _pipes.send("progress", content);
    }

private:
    const HostPipes& _pipes;
    RunIdentity _identity;
    StopToken _stop;
    SystemClock _clock;
    Poco::Logger& _log;
    std::chrono::steady_clock::time_point _lastProgress{};
};

/// Creates and configures the task; nothing when the host was told why not.
std::unique_ptr<SyncTask> prepareTask(const WorkerRequest& request, const PluginLibrary& library,
                                      const HostPipes& pipes) {
    auto task = library.create(request.task);
    // Named at once: what the task prints or throws from now on may hold it.
    ConfigReader reader(request.config, "task.",
                        [&pipes](const std::string& secret) { pipes.send("conceal", secret); });
    task->configure(reader);
    reader.refuseUnknown();
    for (const auto& fault : reader.faults()) pipes.send("fault", toJson(fault));
    if (!reader.faults().empty() || request.verb == WorkerRequest::Verb::Configure) return nullptr;
    return task;
}

/// What the host sends when the run may begin.
struct Begin {
    RunIdentity identity{};
    StopToken::Deadline deadline{};
    int logLevel = Poco::Message::PRIO_INFORMATION;
};

Begin parseBegin(const std::string& line) {
    Poco::JSON::Parser parser;
    const auto json = parser.parse(line).extract<Object::Ptr>();
    const auto at = [&json](const char* name) {
        return TimePoint(std::chrono::microseconds(json->getValue<std::int64_t>(name)));
    };
    Begin begin;
    begin.identity = {json->getValue<std::string>("job"),
                      json->getValue<std::string>("run"),
                      json->getValue<std::string>("trigger"),
                      json->getValue<std::string>("host"),
                      json->getValue<int>("attempt"),
                      json->getValue<std::int64_t>("fence"),
                      at("scheduled_at"),
                      at("started_at")};
    if (const auto limit = json->getValue<std::int64_t>("timeout_ms"); limit > 0)
        begin.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(limit);
    begin.logLevel = json->getValue<int>("log_level");
    return begin;
}

void callTask(SyncTask& task, const WorkerRequest& request, RunContext& context, const HostPipes& pipes) {
    switch (request.verb) {
        case WorkerRequest::Verb::Run:
            pipes.send("report", toJson(task.run(context)));
            return;
        case WorkerRequest::Verb::Replay:
            pipes.send("report", toJson(task.replay(context, request.ids)));
            return;
        case WorkerRequest::Verb::Check:
            task.check(context, [&pipes](const Check& check) { pipes.send("check", toJson(check)); });
            break;
        case WorkerRequest::Verb::Rejects:
            for (const auto& reject : task.rejects(context, request.query)) pipes.send("reject", toJson(reject));
            break;
        default:
            break;
    }
    pipes.send("done", true);
}

void serve(const WorkerRequest& request, const HostPipes& pipes) {
    const PluginLibrary library(request.library);
    if (request.verb == WorkerRequest::Verb::Describe) {
        pipes.send("plugin", toJson(library.describe()));
        pipes.send("done", true);
        return;
    }
    const auto task = prepareTask(request, library, pipes);
    pipes.send("prepared", task != nullptr);
    if (!task) return;
    const auto line = pipes.receive();
    if (!line) return;
    const Begin begin = parseBegin(*line);
    WorkerContext context(pipes, begin.identity, StopToken(stopRequested, begin.deadline), begin.logLevel);
    // Told before the task is destroyed, which may last.
    try {
        callTask(*task, request, context, pipes);
    } catch (...) {
        pipes.send("error", describeCurrentException());
    }
}

}  // namespace

void serveAsWorker(const WorkerRequest& request, int fromHost, int toHost) noexcept {
    std::signal(SIGTERM, [](int) { stopRequested.store(true); });
    const HostPipes pipes(fromHost, toHost);
    try {
        serve(request, pipes);
    } catch (...) {
        try {
            pipes.send("error", describeCurrentException());
        } catch (...) {  // out of memory for one line: the exit code says the rest
            ::_exit(EXIT_FAILURE);
        }
    }
    std::cout.flush();
    std::fflush(stdout);
    // Not exit(): what the host had built before the fork is not this process's to destroy.
    ::_exit(EXIT_SUCCESS);
}

}  // namespace carillon
