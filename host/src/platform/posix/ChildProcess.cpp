#include "platform/ChildProcess.h"

#include "posix/ChildSystem.h"
#include "posix/Children.h"

#include "Poco/Exception.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <utility>

namespace carillon {
namespace {

/// Pipes are made from here up, so that none stands where the child wants another one.
constexpr int kLowestPipe = 10;

void closeDescriptor(std::intptr_t& descriptor) {
    if (descriptor >= 0) ::close(static_cast<int>(descriptor));
    descriptor = -1;
}

int moveUp(int descriptor) {
    const int moved = ::fcntl(descriptor, F_DUPFD_CLOEXEC, kLowestPipe);
    const int reason = errno;
    ::close(descriptor);
    if (moved < 0) throw Poco::SystemException("pipe", std::strerror(reason));
    return moved;
}

/// Closes the ends that were not taken.
struct Pipe {
    std::intptr_t read = -1;
    std::intptr_t write = -1;
    Pipe() {
        std::array<int, 2> ends{};
        if (!makePipe(ends)) throw Poco::SystemException("pipe", std::strerror(errno));
        write = ends[1];
        try {
            read = moveUp(ends[0]);
            write = moveUp(static_cast<int>(std::exchange(write, -1)));
        } catch (const Poco::SystemException&) {  // no destructor runs
            closeDescriptor(read);
            closeDescriptor(write);
            throw;
        }
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        closeDescriptor(read);
        closeDescriptor(write);
    }

    int reader() const { return static_cast<int>(read); }
    int writer() const { return static_cast<int>(write); }
};

struct Pipes {
    Pipe commands{};
    Pipe messages{};
    Pipe output{};
};

[[noreturn]] void becomeChild(const Pipes& pipes, ChildProcess::Main main, bool watched) noexcept {
    ::setpgid(0, 0);
    sigset_t none;
    ::sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGINT, SIGQUIT, SIGHUP, SIGCHLD, SIGTERM}) std::signal(number, SIG_DFL);
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(pipes.output.writer(), STDOUT_FILENO);
    ::dup2(pipes.output.writer(), STDERR_FILENO);
    closeAllBut(pipes.commands.reader(), pipes.messages.writer());
    main(HostPipes(pipes.commands.read, pipes.messages.write, watched));
    ::_exit(EXIT_FAILURE);
}

pid_t forkChild(const Pipes& pipes, ChildProcess::Main main) {
    // What waits to be printed is for this process to print.
    std::cout.flush();
    std::fflush(nullptr);
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) throw Poco::SystemException("fork", std::strerror(errno));
    if (child == 0) {
        // The parent may be gone before the request to die with it took hold.
        const bool watched = dieWithParent();
        if (::getppid() != parent) ::_exit(EXIT_FAILURE);
        becomeChild(pipes, main, watched);
    }
    ::setpgid(child, child);  // as the child does: whoever comes first
    return child;
}

class SpawnSettings {
public:
    explicit SpawnSettings(const Pipes& pipes) {
        sigset_t signals;
        ::posix_spawnattr_init(&attributes);
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes, &signals);
        ::sigfillset(&signals);
        ::posix_spawnattr_setsigdefault(&attributes, &signals);
        ::posix_spawnattr_setpgroup(&attributes, 0);
        ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&files, pipes.output.writer(), STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&files, pipes.output.writer(), STDERR_FILENO);
        ::posix_spawn_file_actions_adddup2(&files, pipes.commands.reader(), kChildCommands);
        ::posix_spawn_file_actions_adddup2(&files, pipes.messages.writer(), kChildMessages);
        closeFrom(files, kChildMessages + 1);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;
    ~SpawnSettings() {
        ::posix_spawn_file_actions_destroy(&files);
        ::posix_spawnattr_destroy(&attributes);
    }

    posix_spawnattr_t attributes{};
    posix_spawn_file_actions_t files{};
};

pid_t spawnChild(const Pipes& pipes, const std::string& program) {
    const SpawnSettings settings(pipes);
    std::string name = "carillon";
    std::string verb = "worker";
    const std::array<char*, 3> words{name.data(), verb.data(), nullptr};
    pid_t child = -1;
    const int reason =
        ::posix_spawn(&child, program.c_str(), &settings.files, &settings.attributes, words.data(), ::environ);
    if (reason != 0) throw Poco::SystemException(program, std::strerror(reason));
    return child;
}

/// What is there now; an end or an error closes the descriptor.
bool readAvailable(std::intptr_t& descriptor, std::string& buffer) {
    std::array<char, 65536> block;
    const ssize_t n = ::read(static_cast<int>(descriptor), block.data(), block.size());
    if (n > 0) {
        buffer.append(block.data(), static_cast<std::size_t>(n));
        return true;
    }
    if (n == 0 || (errno != EINTR && errno != EAGAIN)) closeDescriptor(descriptor);
    return false;
}

}  // namespace

ChildProcess::ChildProcess(Launch launch, const std::string& program, Main main) {
    Pipes pipes;
    _number = launchChild([&] { return launch == Launch::Fork ? forkChild(pipes, main) : spawnChild(pipes, program); });
    _commands = std::exchange(pipes.commands.write, -1);
    _messages = std::exchange(pipes.messages.read, -1);
    _output = std::exchange(pipes.output.read, -1);
    _process = openProcess(_number);
    for (const auto end : {_commands, _messages, _output}) ::fcntl(static_cast<int>(end), F_SETFL, O_NONBLOCK);
}

ChildProcess::~ChildProcess() {
    closeDescriptor(_commands);
    if (!_collected) {
        kill();
        while (!_collected) collect(Wait::UntilEnd);
    }
    closeDescriptor(_messages);
    closeDescriptor(_output);
    closeDescriptor(_process);
}

std::optional<std::size_t> ChildProcess::write(std::string_view bytes) {
    const ssize_t n = _commands < 0 ? -1 : ::write(static_cast<int>(_commands), bytes.data(), bytes.size());
    if (n >= 0) return static_cast<std::size_t>(n);
    return errno == EAGAIN || errno == EINTR ? std::optional<std::size_t>(0) : std::nullopt;
}

ChildProcess::Ready ChildProcess::wait(bool forCommands, std::chrono::milliseconds limit) {
    const auto wanted = [](std::intptr_t descriptor, short events) {
        return pollfd{static_cast<int>(descriptor), events, 0};
    };
    std::array<pollfd, 4> ends{wanted(_output, POLLIN), wanted(_messages, POLLIN), wanted(_process, POLLIN),
                               wanted(forCommands ? _commands : -1, POLLOUT)};
    ::poll(ends.data(), ends.size(), static_cast<int>(limit.count()));
    return {ends[0].revents != 0, ends[1].revents != 0, ends[3].revents != 0, _process < 0 || ends[2].revents != 0};
}

bool ChildProcess::readOutput(std::string& buffer) {
    return readAvailable(_output, buffer);
}

bool ChildProcess::readMessages(std::string& buffer) {
    return readAvailable(_messages, buffer);
}

void ChildProcess::closeMessages() {
    closeDescriptor(_messages);
}

void ChildProcess::askToStop() {
    ::kill(_number, SIGTERM);
}

void ChildProcess::kill() {
    if (!_collected) ::kill(-_number, SIGKILL);  // else the number may be another one's
}

/// What the child started is ended before it is waited for, as its number, and with it the group's, is its own only
/// until then.
std::optional<ExitStatus> ChildProcess::collect(Wait wait) {
    const int options = wait == Wait::No ? WNOHANG : 0;
    siginfo_t ended{};
    const bool waited = ::waitid(P_PID, static_cast<id_t>(_number), &ended, WEXITED | WNOWAIT | options) == 0;
    const bool isGone = !waited && errno == ECHILD;  // somebody else has waited for it
    if (!isGone && (!waited || ended.si_pid == 0)) return std::nullopt;
    if (!isGone) ::kill(-_number, SIGKILL);
    const auto status = collectChild(_number);
    _collected = status.has_value();
    return status;
}

std::size_t ChildProcess::residentBytes() const {
    return residentBytesOf(_number);
}

}  // namespace carillon
