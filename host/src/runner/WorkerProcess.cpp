#include "runner/WorkerProcess.h"

#include "carillon/Duration.h"
#include "carillon/LogLine.h"
#include "report/LogText.h"
#include "runner/WorkerMessages.h"

#include "Poco/Exception.h"
#include "Poco/JSON/Parser.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <utility>

extern "C" {
#include <sys/pidfd.h>  // without the linkage of its own in this C library
}

namespace carillon {
namespace {

using Steady = std::chrono::steady_clock;

/// No message of a sane task is larger; a line that is must not fill the host's memory.
constexpr std::size_t kLongestMessage = 16 << 20;
constexpr std::size_t kLongestOutputLine = 4096;

/// A full pipe is one read. A grandchild that has left the group and goes on printing must not keep the host.
constexpr int kLastReads = 16;

void closeFd(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
}

/// Closes the ends that were not taken.
struct Pipe {
    int read = -1;
    int write = -1;
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw Poco::SystemException("pipe", std::strerror(errno));
        read = ends[0];
        write = ends[1];
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        closeFd(read);
        closeFd(write);
    }
};

/// So that the plugin cannot reach what its host has open, and a pipe ends when the other side closes it.
void closeAllBut(int first, int second) {
    const auto low = static_cast<unsigned>(std::min(first, second));
    const auto high = static_cast<unsigned>(std::max(first, second));
    if (low > STDERR_FILENO + 1) ::close_range(STDERR_FILENO + 1, low - 1, 0);
    if (high > low + 1) ::close_range(low + 1, high - 1, 0);
    ::close_range(high + 1, ~0U, 0);
}

Poco::Message::Priority priorityOf(int level) {
    return static_cast<Poco::Message::Priority>(
        std::clamp<int>(level, Poco::Message::PRIO_FATAL, Poco::Message::PRIO_TRACE));
}

std::string signalName(int number) {
    const char* abbreviation = ::sigabbrev_np(number);
    const char* text = ::strsignal(number);
    return (abbreviation != nullptr ? "SIG" + std::string(abbreviation) : "signal " + std::to_string(number)) +
           (text != nullptr ? " (" + std::string(text) + ")" : "");
}

/// What is there now; an end or an error closes the descriptor.
bool readAvailable(int& fd, std::string& buffer) {
    std::array<char, 65536> block{};
    const ssize_t n = ::read(fd, block.data(), block.size());
    if (n > 0) {
        buffer.append(block.data(), static_cast<std::size_t>(n));
        return true;
    }
    if (n == 0 || (errno != EINTR && errno != EAGAIN)) closeFd(fd);
    return false;
}

}  // namespace

WorkerProcess::WorkerProcess(const WorkerRequest& request, WorkerListener listener, const WorkerLimits& limits)
    : _listener(std::move(listener)), _limits(limits) {
    Pipe commands;
    Pipe messages;
    Pipe output;
    // What waits to be printed is for this process to print.
    std::cout.flush();
    std::fflush(nullptr);
    const pid_t parent = ::getpid();
    _pid = ::fork();
    if (_pid < 0) throw Poco::SystemException("fork", std::strerror(errno));
    if (_pid == 0) {
        // The parent may be gone before the request to die with it took hold.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(EXIT_FAILURE);
        becomeWorker(request, commands.read, messages.write, output.write);
    }
    ::setpgid(_pid, _pid);  // as the child does: whoever comes first
    _commands = std::exchange(commands.write, -1);
    _messages = std::exchange(messages.read, -1);
    _output = std::exchange(output.read, -1);
    _process = ::pidfd_open(_pid, 0);  // refused by an old kernel: then its end is seen at the next tick
    for (const int fd : {_messages, _output}) ::fcntl(fd, F_SETFL, O_NONBLOCK);
    _lateReason = "was not ready within " + formatDuration(_limits.prepare);
    _deadline = Steady::now() + _limits.prepare;
}

void WorkerProcess::becomeWorker(const WorkerRequest& request, int commandPipe, int messagePipe,
                                 int outputPipe) noexcept {
    ::setpgid(0, 0);
    sigset_t none;
    ::sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGINT, SIGQUIT, SIGHUP, SIGCHLD, SIGTERM}) std::signal(number, SIG_DFL);
    std::signal(SIGPIPE, SIG_IGN);
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(outputPipe, STDOUT_FILENO);
    ::dup2(outputPipe, STDERR_FILENO);
    closeAllBut(commandPipe, messagePipe);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);  // a crash must not take with it what was printed before
    serveAsWorker(request, commandPipe, messagePipe);
}

WorkerProcess::~WorkerProcess() {
    closeFd(_commands);
    if (_pid > 0 && !_status) {
        ::kill(-_pid, SIGKILL);
        while (!_status) reap(0);
    }
    closeFd(_messages);
    closeFd(_output);
    closeFd(_process);
}

/// Once it has ended: also ends what the plugin started and left behind. Before the process is waited for, as its
/// number, and with it the group's, is its own only until then.
void WorkerProcess::reap(int options) {
    siginfo_t ended{};
    const bool waited = ::waitid(P_PID, static_cast<id_t>(_pid), &ended, WEXITED | WNOWAIT | options) == 0;
    if (!waited && errno == ECHILD) _status = 0;  // somebody else has waited for it
    if (!waited || ended.si_pid == 0) return;
    ::kill(-_pid, SIGKILL);
    int status = 0;
    if (::waitpid(_pid, &status, 0) == _pid) _status = status;
}

bool WorkerProcess::waitUntilPrepared() {
    while (!_prepared && !_status) pump();
    return _prepared.value_or(false);
}

void WorkerProcess::begin(const RunIdentity& identity, std::chrono::milliseconds timeout, int logLevel) {
    Poco::JSON::Object line;
    line.set("job", identity.job);
    line.set("run", identity.run);
    line.set("trigger", identity.trigger);
    line.set("host", identity.host);
    line.set("attempt", identity.attempt);
    line.set("fence", identity.fence);
    line.set("scheduled_at", identity.scheduledAt.time_since_epoch().count());
    line.set("started_at", identity.startedAt.time_since_epoch().count());
    line.set("timeout_ms", timeout.count());
    line.set("log_level", logLevel);
    const std::string text = toLine(line) + '\n';
    // A few hundred bytes fit into an empty pipe: this neither blocks nor comes apart. A worker that is gone shows at
    // its end.
    [[maybe_unused]] const ssize_t ignored = ::write(_commands, text.data(), text.size());
    closeFd(_commands);
    _lateReason = "did not end within its time limit of " + formatDuration(timeout);
    if (timeout.count() > 0) _deadline = Steady::now() + timeout;
}

WorkerEnd WorkerProcess::finish() {
    closeFd(_commands);  // a worker that still waits for its run learns that there is none
    while (!_status) pump();
    for (int i = 0; i < kLastReads && _messages >= 0 && readAvailable(_messages, _messageBuffer);) ++i;
    for (int i = 0; i < kLastReads && _output >= 0 && readAvailable(_output, _outputBuffer);) ++i;
    readMessages();
    readOutput();
    if (!_outputBuffer.empty()) logOutput(std::exchange(_outputBuffer, ""));
    completeEnd();
    return _end;
}

void WorkerProcess::pump() {
    std::array<pollfd, 3> fds{pollfd{_messages, POLLIN, 0}, pollfd{_output, POLLIN, 0}, pollfd{_process, POLLIN, 0}};
    ::poll(fds.data(), fds.size(), static_cast<int>(kTick.count()));
    // The output is taken first and looked at last: a message that names a secret was sent before the secret was
    // printed.
    if (_output >= 0) readAvailable(_output, _outputBuffer);
    if (_messages >= 0 && readAvailable(_messages, _messageBuffer)) readMessages();
    readOutput();
    // A grandchild may hold the pipes open: the process itself tells when it is over.
    reap(WNOHANG);
    if (_messages < 0 && _output < 0 && !_status && !_killAt) {
        if (_stopReason.empty()) _stopReason = "the plugin closed its pipes to the host";
        endLater();
    }
    enforceLimits();
    if (_listener.onTick) _listener.onTick();
}

void WorkerProcess::readMessages() {
    std::size_t begin = 0;
    for (std::size_t end; (end = _messageBuffer.find('\n', begin)) != std::string::npos; begin = end + 1)
        onMessage(_messageBuffer.substr(begin, end - begin));
    _messageBuffer.erase(0, begin);
    if (_messageBuffer.size() > kLongestMessage) {
        _messageBuffer.clear();
        closeFd(_messages);
        if (_stopReason.empty()) _stopReason = "the plugin wrote rubbish to the host's pipe";
        kill();
    }
}

void WorkerProcess::onMessage(const std::string& line) {
    try {
        Poco::JSON::Parser parser(new Poco::JSON::ParseHandler(true));  // counters keep their order
        auto parsed = parser.parse(line);
        const auto object = parsed.extract<Poco::JSON::Object::Ptr>();
        for (const auto& kind : object->getNames()) {
            auto value = object->get(kind);
            if (kind != "conceal") _redactor.applyTo(value);
            dispatch(kind, value);
        }
    } catch (const std::exception&) {  // the plugin found the descriptor and wrote to it
        logOutput(line);
    }
}

void WorkerProcess::dispatch(const std::string& kind, const Poco::Dynamic::Var& value) {
    const auto object = [&value]() -> const Poco::JSON::Object& { return *value.extract<Poco::JSON::Object::Ptr>(); };
    if (kind == "conceal") {
        _redactor.add(value.convert<std::string>());
    } else if (kind == "log" && _listener.onLog) {
        _listener.onLog(priorityOf(object().getValue<int>("level")),
                        Poco::Timestamp(object().getValue<std::int64_t>("at")), object().getValue<std::string>("text"));
    } else if (kind == "progress" && _listener.onProgress) {
        _listener.onProgress(object().getValue<std::uint64_t>("done"), object().getValue<std::uint64_t>("total"),
                             object().getValue<std::string>("what"));
    } else if (kind == "check" && _listener.onCheck) {
        _listener.onCheck(checkFromJson(object()));
    } else if (kind == "reject" && _listener.onReject) {
        _listener.onReject(rejectFromJson(object()));
    } else if (kind == "fault" && _listener.onFault) {
        _listener.onFault(faultFromJson(object()));
    } else if (kind == "plugin" && _listener.onPlugin) {
        _listener.onPlugin(pluginFromJson(object()));
    } else if (kind == "prepared") {
        _prepared = value.convert<bool>();
        _deadline.reset();  // the run has a limit of its own
    } else if (kind == "report") {
        _end.report = reportFromJson(object());
        endLater();
    } else if (kind == "error") {
        _end.error = value.convert<std::string>();
        _prepared = _prepared.value_or(false);
        endLater();
    } else if (kind == "done") {
        _done = true;
        endLater();
    }
}

void WorkerProcess::readOutput() {
    std::size_t begin = 0;
    for (std::size_t end; (end = _outputBuffer.find('\n', begin)) != std::string::npos; begin = end + 1)
        logOutput(_outputBuffer.substr(begin, end - begin));
    _outputBuffer.erase(0, begin);
    if (_outputBuffer.size() <= 2 * kLongestOutputLine) return;
    // A line without end leaves in pieces. What stays behind is as long as a secret may be: none is cut in two unseen.
    _outputBuffer = _redactor.apply(std::move(_outputBuffer));
    const std::size_t leaving = _outputBuffer.size() - std::min(_outputBuffer.size(), kLongestOutputLine);
    logOutput(_outputBuffer.substr(0, leaving));
    _outputBuffer.erase(0, leaving);
}

void WorkerProcess::logOutput(const std::string& line) {
    if (!_listener.onLog) return;
    const std::string shown = _redactor.apply(toUtf8(line));  // as the secrets themselves came
    for (std::size_t begin = 0; begin < shown.size(); begin += kLongestOutputLine) {
        std::string text = "plugin.printed text=";
        appendLogValue(text, std::string_view(shown).substr(begin, kLongestOutputLine));
        _listener.onLog(Poco::Message::PRIO_WARNING, Poco::Timestamp(), text);
    }
}

void WorkerProcess::requestStop(const std::string& why) {
    if (_status) return;
    _stopReason = why;
    const bool second = _killAt.has_value();
    _killAt = Steady::now() + (second ? std::chrono::milliseconds(0) : _limits.stopGrace);
    ::kill(_pid, SIGTERM);
}

void WorkerProcess::enforceLimits() {
    if (_status) return;
    const auto now = Steady::now();
    if (_deadline && now >= *_deadline) {
        _deadline.reset();
        requestStop(_lateReason);
    }
    if (_killAt && now >= *_killAt) kill();
}

void WorkerProcess::kill() {
    _killed = true;
    ::kill(-_pid, SIGKILL);
}

/// A process that has said all is over soon, or is ended.
void WorkerProcess::endLater() {
    if (!_killAt) _killAt = Steady::now() + _limits.stopGrace;
}

void WorkerProcess::completeEnd() {
    const bool saidAll = _end.report || _done || !_prepared.value_or(true);
    if ((saidAll && _status == 0) || !_end.error.empty()) return;
    // What the report says is done stays done, whatever became of the process after it.
    if (_end.report)
        _end.report->warn("after its report " + describeEnd());
    else
        _end.error = describeEnd();
}

std::string WorkerProcess::describeEnd() const {
    const int status = _status.value_or(0);
    if (!WIFSIGNALED(status))
        return "the plugin ended the process with exit code " + std::to_string(WEXITSTATUS(status)) +
               (_end.report ? "" : " before its report");
    const bool ended =
        (_killed && WTERMSIG(status) == SIGKILL) || (!_stopReason.empty() && WTERMSIG(status) == SIGTERM);
    if (ended) return (_stopReason.empty() ? "the plugin did not end by itself" : _stopReason) + ", and was ended";
    return "the plugin crashed with " + signalName(WTERMSIG(status));
}

}  // namespace carillon
