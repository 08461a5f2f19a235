#include "worker/WorkerProcess.h"

#include "carillon/Duration.h"
#include "carillon/LogLine.h"
#include "worker/Children.h"
#include "worker/MemoryLimit.h"
#include "worker/TaskCall.h"
#include "worker/WorkerRequest.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace carillon {
namespace {

using Steady = std::chrono::steady_clock;

/// No message of a sane task is larger; a line that is must not fill the host's memory.
constexpr std::size_t kLongestMessage = 16 << 20;

/// What a task may hold that its own limit does not count: pages shared with others, and the worker's part.
constexpr std::size_t kUncountedMemory = 16 << 20;

/// What is there now; an end or an error closes the descriptor.
bool readAvailable(int& fd, std::string& buffer) {
    std::array<char, 65536> block;
    const ssize_t n = ::read(fd, block.data(), block.size());
    if (n > 0) {
        buffer.append(block.data(), static_cast<std::size_t>(n));
        return true;
    }
    if (n == 0 || (errno != EINTR && errno != EAGAIN)) closeDescriptor(fd);
    return false;
}

/// A full pipe is one read. A grandchild that has left the group and goes on printing must not keep the host.
std::string readAllAvailable(int& fd) {
    constexpr int kMostReads = 16;
    std::string all;
    for (int i = 0; i < kMostReads && fd >= 0 && readAvailable(fd, all);) ++i;
    return all;
}

}  // namespace

WorkerProcess::WorkerProcess(Launch launch, const WorkerLimits& limits, const std::string& program)
    : _limits(limits), _child(launchWorker(launch, program)) {}

WorkerProcess::~WorkerProcess() {
    closeDescriptor(_child.commands);
    if (!_status) {
        ::kill(-_child.pid, SIGKILL);
        while (!_status) reap(0);
    }
    closeDescriptor(_child.messages);
    closeDescriptor(_child.output);
    closeDescriptor(_child.process);
}

void WorkerProcess::start(const WorkerRequest& request, WorkerListener listener) {
    takeStopRequests();               // they were for the run before
    readAllAvailable(_child.output);  // printed while there was no run
    _run.emplace(std::move(listener));
    _run->lateReason = "was not ready within " + formatDuration(_limits.prepare);
    _run->deadline = Steady::now() + _limits.prepare;
    _run->memory = request.memory;
    if (request.memory > 0)
        _run->residentMost = residentBytes() + request.memory + request.memory / 2 + kUncountedMemory;
    if (!_libraries.contains(request.library)) _libraries[request.library] = identityOf(request.library);
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

void WorkerProcess::requestStop(const std::string& why) {
    const std::lock_guard lock(_stopMutex);
    ++_stopRequests;
    _stopWhy = why;
}

bool WorkerProcess::isUsable() {
    if (!_status) reap(WNOHANG);
    return !_status && _flaw.empty();
}

bool WorkerProcess::isUsableFor(const WorkerRequest& request) {
    const auto known = _libraries.find(request.library);
    return isUsable() && (known == _libraries.end() || known->second == identityOf(request.library));
}

std::size_t WorkerProcess::residentBytes() const {
    return _status ? 0 : residentBytesOf(_child.pid);
}

void WorkerProcess::send(const std::string& message) {
    _unsent += message + '\n';
    sendRest();
}

/// A worker that is gone shows at its end, one that does not read at its deadline.
void WorkerProcess::sendRest() {
    const ssize_t n = _child.commands < 0 ? -1 : ::write(_child.commands, _unsent.data(), _unsent.size());
    if (n > 0) _unsent.erase(0, static_cast<std::size_t>(n));
    if (n < 0 && errno != EAGAIN && errno != EINTR) _unsent.clear();
}

void WorkerProcess::pump() {
    std::array<pollfd, 4> fds{pollfd{_child.output, POLLIN, 0}, pollfd{_child.messages, POLLIN, 0},
                              pollfd{_child.process, POLLIN, 0},
                              pollfd{_unsent.empty() ? -1 : _child.commands, POLLOUT, 0}};
    ::poll(fds.data(), fds.size(), static_cast<int>(kTick.count()));
    if (fds[3].revents != 0) sendRest();
    // The output is taken first and looked at last: a message that names a secret was sent before the secret was
    // printed.
    std::string printed;
    if (fds[0].revents != 0) readAvailable(_child.output, printed);
    if (fds[1].revents != 0 && readAvailable(_child.messages, _messageBuffer)) readMessages();
    if (!printed.empty()) _run->receiver.printed(printed);
    // A grandchild may hold the pipes open: the process itself tells when it is over.
    if (_child.process < 0 || fds[2].revents != 0) reap(WNOHANG);
    if (_child.messages < 0 && _child.output < 0 && !_status && !_run->killAt) {
        if (_run->stopReason.empty()) _run->stopReason = "the plugin closed its pipes to the host";
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
        closeDescriptor(_child.messages);
        if (_run->stopReason.empty()) _run->stopReason = "the plugin wrote rubbish to the host's pipe";
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
    _run->lateReason = "did not end within its time limit of " + formatDuration(_run->timeout);
    if (_run->timeout.count() > 0) _run->deadline = Steady::now() + _run->timeout;
}

/// What the process said and printed before its end, or before it was ready for the next run.
void WorkerProcess::readRest() {
    if (_status) {
        _messageBuffer += readAllAvailable(_child.messages);
        readMessages();
    }
    _run->receiver.printed(readAllAvailable(_child.output));
    _run->receiver.endPrinted();
}

std::pair<int, std::string> WorkerProcess::takeStopRequests() {
    const std::lock_guard lock(_stopMutex);
    return {std::exchange(_stopRequests, 0), _stopWhy};
}

void WorkerProcess::stop(const std::string& why) {
    if (_status) return;
    _run->stopReason = why;
    const bool second = _run->killAt.has_value();
    _run->killAt = Steady::now() + (second ? std::chrono::milliseconds(0) : _limits.stopGrace);
    ::kill(_child.pid, SIGTERM);
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
    ::kill(-_child.pid, SIGKILL);
}

/// A task that has said all is over soon, or is ended.
void WorkerProcess::endLater() {
    if (!_run->killAt) _run->killAt = Steady::now() + _limits.stopGrace;
}

/// Nothing that misbehaved lives on beside the next run.
void WorkerProcess::endUnlessUsable() {
    if (_status) return;
    if (_flaw.empty() && (_child.messages < 0 || _child.output < 0)) _flaw = "closed a pipe to the host";
    if (_flaw.empty()) return;
    std::string text = "worker.replaced why=";
    appendLogValue(text, "the plugin " + _flaw);
    _run->receiver.note(text);
    ::kill(-_child.pid, SIGKILL);
    while (!_status) reap(0);
}

/// Once it has ended: also ends what the plugin started and left behind. Before the process is waited for, as its
/// number, and with it the group's, is its own only until then.
void WorkerProcess::reap(int options) {
    siginfo_t ended{};
    const bool waited = ::waitid(P_PID, static_cast<id_t>(_child.pid), &ended, WEXITED | WNOWAIT | options) == 0;
    const bool isGone = !waited && errno == ECHILD;  // somebody else has waited for it
    if (!isGone && (!waited || ended.si_pid == 0)) return;
    if (!isGone) ::kill(-_child.pid, SIGKILL);
    _status = collectChild(_child.pid);
}

void WorkerProcess::completeEnd() {
    auto& end = _run->receiver.end();
    const bool saidAll = _run->receiver.saidAll() || !_run->prepared.value_or(true);
    if (_run->returned || (saidAll && _status == 0) || !end.error.empty()) return;
    // What the report says is done stays done, whatever became of the process after it.
    if (end.report)
        end.report->warn("after its report " + describeEnd());
    else
        end.error = describeEnd();
}

std::string WorkerProcess::describeEnd() const {
    const int status = _status.value_or(0);
    const auto& why = _run->stopReason;
    const bool wasEnded = WIFSIGNALED(status) && ((_run->killed && WTERMSIG(status) == SIGKILL) ||
                                                  (!why.empty() && WTERMSIG(status) == SIGTERM));
    if (wasEnded) return (why.empty() ? "the plugin did not end by itself" : why) + ", and was ended";
    return "the plugin " + describeExit(status) +
           (WIFSIGNALED(status) || _run->receiver.end().report ? "" : " before its report");
}

}  // namespace carillon
