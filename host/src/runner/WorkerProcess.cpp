#include "runner/WorkerProcess.h"

#include "carillon/Duration.h"
#include "carillon/LogLine.h"
#include "runner/WorkerMessages.h"

#include "Poco/Exception.h"
#include "Poco/JSON/Parser.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

extern "C" {
#include <sys/pidfd.h>  // without the linkage of its own in this C library
}

namespace carillon {
namespace {

using Steady = std::chrono::steady_clock;

/// No message of a sane task is larger; a line that is must not fill the host's memory.
constexpr std::size_t kLongestMessage = 16 << 20;
constexpr std::size_t kLongestOutputLine = 4096;

struct Pipe {
    int read = -1;
    int write = -1;
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw Poco::SystemException("pipe", std::strerror(errno));
        read = ends[0];
        write = ends[1];
    }
};

void closeFd(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
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

WorkerProcess::WorkerProcess(const WorkerRequest& request, WorkerListener listener) : _listener(std::move(listener)) {
    Pipe commands;
    Pipe messages;
    Pipe output;
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
    closeFd(commands.read);
    closeFd(messages.write);
    closeFd(output.write);
    _commands = commands.write;
    _messages = messages.read;
    _output = output.read;
    _process = ::pidfd_open(_pid, 0);  // refused by an old kernel: then its end is seen at the next tick
    for (const int fd : {_messages, _output}) ::fcntl(fd, F_SETFL, O_NONBLOCK);
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
    serveAsWorker(request, commandPipe, messagePipe);
}

WorkerProcess::~WorkerProcess() {
    closeFd(_commands);
    if (_pid > 0) {
        ::kill(-_pid, SIGKILL);
        reap();
    }
    closeFd(_messages);
    closeFd(_output);
    closeFd(_process);
}

void WorkerProcess::reap() {
    if (_status) return;
    int status = 0;
    while (::waitpid(_pid, &status, 0) < 0 && errno == EINTR) {
    }
    _status = status;
}

bool WorkerProcess::waitUntilPrepared() {
    while (!_prepared && !_status) pump();
    return _prepared.value_or(false);
}

void WorkerProcess::begin(const RunIdentity& identity, std::chrono::milliseconds timeout) {
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
    const std::string text = toLine(line) + '\n';
    // A few hundred bytes fit into an empty pipe: this neither blocks nor comes apart. A worker that is gone shows at
    // its end.
    [[maybe_unused]] const ssize_t ignored = ::write(_commands, text.data(), text.size());
    closeFd(_commands);
    _timeout = timeout;
    if (timeout.count() > 0) _deadline = Steady::now() + timeout;
}

WorkerEnd WorkerProcess::finish() {
    closeFd(_commands);  // a worker that still waits for its run learns that there is none
    while (!_status) pump();
    while (_messages >= 0 && readAvailable(_messages, _messageBuffer)) {
    }
    readMessages();
    while (_output >= 0 && readAvailable(_output, _outputBuffer)) {
    }
    readOutput();
    if (!_outputBuffer.empty()) logOutput(_outputBuffer);
    ::kill(-_pid, SIGKILL);  // what the plugin started and left behind
    if (!_end.report && !_done && _end.error.empty() && _prepared.value_or(true)) _end.error = describeEnd();
    return _end;
}

void WorkerProcess::pump() {
    std::array<pollfd, 3> fds{pollfd{_messages, POLLIN, 0}, pollfd{_output, POLLIN, 0}, pollfd{_process, POLLIN, 0}};
    ::poll(fds.data(), fds.size(), static_cast<int>(kTick.count()));
    // Messages first: they name the secrets that the output may hold.
    if (_messages >= 0 && readAvailable(_messages, _messageBuffer)) readMessages();
    if (_output >= 0 && readAvailable(_output, _outputBuffer)) readOutput();
    int status = 0;
    // A grandchild may hold the pipes open: the process itself tells when it is over.
    if (::waitpid(_pid, &status, WNOHANG) == _pid) _status = status;
    if (_messages < 0 && _output < 0 && !_status && !_killAt) _killAt = Steady::now() + kStopGrace;
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
        _stopReason = "the plugin wrote rubbish to the host's pipe";
        ::kill(-_pid, SIGKILL);
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
    } catch (const Poco::Exception&) {  // the plugin found the descriptor and wrote to it
        logOutput(line);
    }
}

void WorkerProcess::dispatch(const std::string& kind, const Poco::Dynamic::Var& value) {
    const auto object = [&value]() -> const Poco::JSON::Object& { return *value.extract<Poco::JSON::Object::Ptr>(); };
    if (kind == "conceal") {
        _redactor.add(value.convert<std::string>());
    } else if (kind == "log" && _listener.onLog) {
        _listener.onLog(static_cast<Poco::Message::Priority>(object().getValue<int>("level")),
                        Poco::Timestamp(object().getValue<std::int64_t>("at")),
                        object().getValue<std::string>("text"));
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
    } else if (kind == "report") {
        _end.report = reportFromJson(object());
    } else if (kind == "error") {
        _end.error = value.convert<std::string>();
        _prepared = _prepared.value_or(false);
    } else if (kind == "done") {
        _done = true;
    }
}

void WorkerProcess::readOutput() {
    std::size_t begin = 0;
    for (std::size_t end; (end = _outputBuffer.find('\n', begin)) != std::string::npos; begin = end + 1)
        logOutput(_outputBuffer.substr(begin, end - begin));
    _outputBuffer.erase(0, begin);
    if (_outputBuffer.size() > kLongestOutputLine) {
        logOutput(_outputBuffer);
        _outputBuffer.clear();
    }
}

void WorkerProcess::logOutput(const std::string& line) {
    if (!_listener.onLog || line.empty()) return;
    std::string text = "plugin.printed text=";
    appendLogValue(text, _redactor.apply(line.substr(0, kLongestOutputLine)));
    _listener.onLog(Poco::Message::PRIO_WARNING, Poco::Timestamp(), text);
}

void WorkerProcess::requestStop(const std::string& why) {
    if (_status) return;
    _stopReason = why;
    const bool second = _killAt.has_value();
    _killAt = Steady::now() + (second ? std::chrono::milliseconds(0) : kStopGrace);
    ::kill(_pid, SIGTERM);
}

void WorkerProcess::enforceLimits() {
    if (_status) return;
    const auto now = Steady::now();
    if (_deadline && now >= *_deadline) {
        _deadline.reset();
        requestStop("did not end within its time limit of " + formatDuration(_timeout));
    }
    if (_killAt && now >= *_killAt) ::kill(-_pid, SIGKILL);
}

std::string WorkerProcess::describeEnd() const {
    const int status = _status.value_or(0);
    if (!_stopReason.empty() && WIFSIGNALED(status)) return _stopReason + ", and was ended";
    if (WIFSIGNALED(status)) return "the plugin crashed with " + signalName(WTERMSIG(status));
    return "the plugin ended the process with exit code " + std::to_string(WEXITSTATUS(status)) + " before its report";
}

}  // namespace carillon
