#include "worker/WorkerProcess.h"

#include "carillon/Duration.h"
#include "carillon/LogLine.h"
#include "words/HostTexts.h"
#include "worker/TaskCall.h"
#include "worker/Worker.h"
#include "worker/WorkerRequest.h"

#include <utility>

namespace carillon {
namespace {

using Steady = std::chrono::steady_clock;

/// No message of a sane task is larger; a line that is must not fill the host's memory.
constexpr std::size_t kLongestMessage = 16 << 20;

/// What a task may hold that its own limit does not count: pages shared with others, and the worker's part.
constexpr std::size_t kUncountedMemory = 16 << 20;

/// A full pipe is one read. A grandchild that has left the group and goes on printing must not keep the host.
constexpr int kMostReads = 16;

std::string readAllOutput(ChildProcess& child) {
    std::string all;
    for (int i = 0; i < kMostReads && child.isOutputOpen() && child.readOutput(all);) ++i;
    return all;
}

void readAllMessages(ChildProcess& child, std::string& all) {
    for (int i = 0; i < kMostReads && child.areMessagesOpen() && child.readMessages(all);) ++i;
}

}  // namespace

WorkerProcess::WorkerProcess(Launch launch, const WorkerLimits& limits, const std::string& program)
    : _limits(limits), _child(launch, program, serveAsWorker) {}

WorkerProcess::~WorkerProcess() = default;

void WorkerProcess::start(const WorkerRequest& request, WorkerListener listener) {
    takeStopRequests();     // they were for the run before
    readAllOutput(_child);  // printed while there was no run
    _run.emplace(std::move(listener));
    _run->lateReason = sayHost("run.unready", {{"limit", formatDuration(_limits.prepare)}});
    _run->deadline = Steady::now() + _limits.prepare;
    _run->memory = request.memory;
    if (request.memory > 0)
        _run->residentMost = residentBytes() + request.memory + request.memory / 2 + kUncountedMemory;
    if (!_libraries.contains(request.library)) _libraries[request.library] = factsOf(request.library);
    ++_runs;
    send(toJson("request", request));
}

bool WorkerProcess::waitUntilPrepared() {
    while (!_run->prepared && !_run->returned && !_status) pump();
    return _run->prepared.value_or(false);
}

void WorkerProcess::begin(const RunIdentity& identity, std::chrono::milliseconds timeout, int logLevel) {
    _run->begun = true;
    _run->timeout = timeout;
    if (_run->prepared) startTimeLimit();
    send(toJson("begin", RunBegin{identity, timeout, logLevel}));
}

WorkerEnd WorkerProcess::finish() {
    if (!_run->begun) send(toJson("drop", true));  // a worker that still waits for its run learns that there is none
    while (!_run->returned && !_status) pump();
    readRest();
    completeEnd();
    WorkerEnd end = std::move(_run->receiver.end());
    endUnlessUsable();
    _run.reset();
    return end;
}

void WorkerProcess::requestStop(const Message& why) {
    const std::lock_guard lock(_stopMutex);
    ++_stopRequests;
    _stopWhy = why;
}

bool WorkerProcess::isUsable() {
    if (!_status) collect(ChildProcess::Wait::No);
    return !_status && _flaw.empty();
}

bool WorkerProcess::isUsableFor(const WorkerRequest& request) {
    const auto known = _libraries.find(request.library);
    return isUsable() && (known == _libraries.end() || known->second == factsOf(request.library));
}

std::size_t WorkerProcess::residentBytes() const {
    return _status ? 0 : _child.residentBytes();
}

void WorkerProcess::send(const std::string& message) {
    _unsent += message + '\n';
    sendRest();
}

/// A worker that is gone shows at its end, one that does not read at its deadline.
void WorkerProcess::sendRest() {
    _unsent.erase(0, _child.write(_unsent).value_or(_unsent.size()));
}

void WorkerProcess::pump() {
    const auto ready = _child.wait(!_unsent.empty(), kTick);
    if (ready.commands) sendRest();
    // The output is taken first and looked at last: a message that names a secret was sent before the secret was
    // printed.
    std::string printed;
    if (ready.output) _child.readOutput(printed);
    if (ready.messages && _child.readMessages(_messageBuffer)) readMessages();
    if (!printed.empty()) _run->receiver.printed(printed);
    // A grandchild may hold the pipes open: the process itself tells when it is over.
    if (ready.end) collect(ChildProcess::Wait::No);
    if (!_child.areMessagesOpen() && !_child.isOutputOpen() && !_status && !_run->killAt) {
        if (_run->stopReason.empty()) _run->stopReason = sayHost("run.pipesclosed");
        endLater();
    }
    _run->receiver.tick();
    const auto [requests, why] = takeStopRequests();
    for (int i = 0; i < requests; ++i) stop(why);
    enforceLimits();
}

void WorkerProcess::readMessages() {
    std::size_t begin = 0;
    for (std::size_t end; (end = _messageBuffer.find('\n', begin)) != std::string::npos; begin = end + 1)
        onMessage(_messageBuffer.substr(begin, end - begin));
    _messageBuffer.erase(0, begin);
    if (_messageBuffer.size() > kLongestMessage) {
        _messageBuffer.clear();
        _child.closeMessages();
        if (_run->stopReason.empty()) _run->stopReason = sayHost("run.rubbish");
        kill();
    }
}

void WorkerProcess::onMessage(const std::string& line) {
    try {
        const auto json = JsonValue::parse(line);
        for (const auto& [kind, value] : json.members()) {
            if (kind == "prepared")
                onPrepared(value.flag());
            else if (kind == "returned")
                _run->returned = true, _flaw = _flaw.empty() ? value.text() : _flaw;
            else
                _run->receiver.say(taskMessageOf(kind, value));
        }
    } catch (const std::exception&) {  // the plugin found the descriptor and wrote to it
        _flaw = "wrote to the host's pipe";
        _run->receiver.printedLine(line);
    }
    if (_run->receiver.saidAll()) endLater();
}

void WorkerProcess::onPrepared(bool prepared) {
    _run->prepared = prepared;
    _run->deadline.reset();  // the run has a limit of its own
    if (_run->begun) startTimeLimit();
}

void WorkerProcess::startTimeLimit() {
    _run->lateReason = sayHost("run.late", {{"limit", formatDuration(_run->timeout)}});
    if (_run->timeout.count() > 0) _run->deadline = Steady::now() + _run->timeout;
}

/// What the process said and printed before its end, or before it was ready for the next run.
void WorkerProcess::readRest() {
    if (_status) {
        readAllMessages(_child, _messageBuffer);
        readMessages();
    }
    _run->receiver.printed(readAllOutput(_child));
    _run->receiver.endPrinted();
}

std::pair<int, Message> WorkerProcess::takeStopRequests() {
    const std::lock_guard lock(_stopMutex);
    return {std::exchange(_stopRequests, 0), _stopWhy};
}

void WorkerProcess::stop(const Message& why) {
    if (_status) return;
    _run->stopReason = why;
    const bool second = _run->killAt.has_value();
    _run->killAt = Steady::now() + (second ? std::chrono::milliseconds(0) : _limits.stopGrace);
    _child.askToStop();
}

void WorkerProcess::enforceLimits() {
    if (_status || _run->returned) return;
    const auto now = Steady::now();
    if (_run->deadline && now >= *_run->deadline) {
        _run->deadline.reset();
        stop(_run->lateReason);
    }
    if (_run->memory > 0 && (!_run->memoryLookAt || now >= *_run->memoryLookAt)) enforceMemoryLimit();
    if (_run->killAt && now >= *_run->killAt) kill();
}

/// The task's own limit is kept by the kernel; this one is for memory that is not counted there, such as shared pages.
void WorkerProcess::enforceMemoryLimit() {
    _run->memoryLookAt = Steady::now() + kTick;
    if (residentBytes() <= _run->residentMost) return;
    if (!_run->receiver.saidAll()) _run->receiver.say(TaskFailure{describeMemoryLimit(_run->memory)});
    kill();
}

void WorkerProcess::kill() {
    _run->killed = true;
    _child.kill();
}

/// A task that has said all is over soon, or is ended.
void WorkerProcess::endLater() {
    if (!_run->killAt) _run->killAt = Steady::now() + _limits.stopGrace;
}

/// Nothing that misbehaved lives on beside the next run.
void WorkerProcess::endUnlessUsable() {
    if (_status) return;
    if (_flaw.empty() && (!_child.areMessagesOpen() || !_child.isOutputOpen())) _flaw = "closed a pipe to the host";
    if (_flaw.empty()) return;
    std::string text = "worker.replaced why=";
    appendLogValue(text, "the plugin " + _flaw);
    _run->receiver.note(text);
    _child.kill();
    while (!_status) collect(ChildProcess::Wait::UntilEnd);
}

void WorkerProcess::collect(ChildProcess::Wait wait) {
    _status = _child.collect(wait);
}

void WorkerProcess::completeEnd() {
    auto& end = _run->receiver.end();
    const bool saidAll = _run->receiver.saidAll() || !_run->prepared.value_or(true);
    if (_run->returned || (saidAll && _status && _status->isSuccess()) || !end.error.empty()) return;
    // What the report says is done stays done, whatever became of the process after it.
    if (end.report)
        end.report->warn(sayHost("run.afterreport", {{"what", describeEnd()}}));
    else
        end.error = describeEnd();
}

Message WorkerProcess::describeEnd() const {
    const ExitStatus status = _status.value_or(ExitStatus{});
    const auto& why = _run->stopReason;
    const bool wasEnded = (_run->killed && status.kind == ExitStatus::Kind::Killed) ||
                          (!why.empty() && status.kind == ExitStatus::Kind::Stopped);
    if (wasEnded) return sayHost("run.wasended", {{"why", why.empty() ? sayHost("run.didnotend") : why}});
    if (status.isExit())
        return sayHost(_run->receiver.end().report ? "run.exited" : "run.exitedearly", {{"code", status.number}});
    constexpr std::string_view kCrashed = "crashed with ";
    const std::string how = status.describe();
    return how.starts_with(kCrashed) ? sayHost("run.crashed", {{"how", how.substr(kCrashed.size())}})
                                     : sayHost("run.endedoutside");
}

}  // namespace carillon
