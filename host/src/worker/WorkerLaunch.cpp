#include "worker/WorkerLaunch.h"

#include "worker/Children.h"

#include "Poco/Exception.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <utility>

extern "C" {
#include <sys/pidfd.h>  // without the linkage of its own in this C library
}

namespace carillon {
namespace {

/// Where a spawned worker finds its pipes.
constexpr int kCommands = 3;
constexpr int kMessages = 4;

/// Pipes are made from here up, so that none stands where the child wants another one.
constexpr int kLowestPipe = 10;

constexpr int kUsageExit = 2;

int moveUp(int descriptor) {
    const int moved = ::fcntl(descriptor, F_DUPFD_CLOEXEC, kLowestPipe);
    const int reason = errno;
    ::close(descriptor);
    if (moved < 0) throw Poco::SystemException("pipe", std::strerror(reason));
    return moved;
}

/// Closes the ends that were not taken.
struct Pipe {
    int read = -1;
    int write = -1;
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw Poco::SystemException("pipe", std::strerror(errno));
        write = ends[1];
        try {
            read = moveUp(ends[0]);
            write = moveUp(std::exchange(write, -1));
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
};

struct Pipes {
    Pipe commands{};
    Pipe messages{};
    Pipe output{};
};

/// So that the plugin cannot reach what its host has open, and a pipe ends when the other side closes it.
void closeAllBut(int first, int second) {
    const auto low = static_cast<unsigned>(std::min(first, second));
    const auto high = static_cast<unsigned>(std::max(first, second));
    if (low > STDERR_FILENO + 1) ::close_range(STDERR_FILENO + 1, low - 1, 0);
    if (high > low + 1) ::close_range(low + 1, high - 1, 0);
    ::close_range(high + 1, ~0U, 0);
}

[[noreturn]] void becomeWorker(const Pipes& pipes) noexcept {
    ::setpgid(0, 0);
    sigset_t none;
    ::sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGINT, SIGQUIT, SIGHUP, SIGCHLD, SIGTERM}) std::signal(number, SIG_DFL);
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(pipes.output.write, STDOUT_FILENO);
    ::dup2(pipes.output.write, STDERR_FILENO);
    closeAllBut(pipes.commands.read, pipes.messages.write);
    serveAsWorker(pipes.commands.read, pipes.messages.write, HostWatch::None);
}

pid_t forkWorker(const Pipes& pipes) {
    // What waits to be printed is for this process to print.
    std::cout.flush();
    std::fflush(nullptr);
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) throw Poco::SystemException("fork", std::strerror(errno));
    if (child == 0) {
        // The parent may be gone before the request to die with it took hold.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(EXIT_FAILURE);
        becomeWorker(pipes);
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
        ::posix_spawn_file_actions_adddup2(&files, pipes.output.write, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&files, pipes.output.write, STDERR_FILENO);
        ::posix_spawn_file_actions_adddup2(&files, pipes.commands.read, kCommands);
        ::posix_spawn_file_actions_adddup2(&files, pipes.messages.write, kMessages);
        ::posix_spawn_file_actions_addclosefrom_np(&files, kMessages + 1);
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

pid_t spawnWorker(const Pipes& pipes, const std::string& program) {
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

bool isPipe(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 && S_ISFIFO(status.st_mode);
}

}  // namespace

ChildProcess launchWorker(Launch launch, const std::string& program) {
    Pipes pipes;
    ChildProcess child;
    child.pid = launchChild([&] { return launch == Launch::Fork ? forkWorker(pipes) : spawnWorker(pipes, program); });
    child.commands = std::exchange(pipes.commands.write, -1);
    child.messages = std::exchange(pipes.messages.read, -1);
    child.output = std::exchange(pipes.output.read, -1);
    child.process = ::pidfd_open(child.pid, 0);
    for (const int fd : {child.commands, child.messages, child.output}) ::fcntl(fd, F_SETFL, O_NONBLOCK);
    return child;
}

int runWorkerVerb() {
    if (isPipe(kCommands) && isPipe(kMessages)) {
        // Programs that a task starts do not get them.
        for (const int fd : {kCommands, kMessages}) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
        serveAsWorker(kCommands, kMessages, HostWatch::Thread);
    }
    std::cerr << "carillon: error: the verb worker is for carillon itself, which starts it with pipes of its own; "
                 "see carillon --help\n";
    return kUsageExit;
}

void closeDescriptor(int& descriptor) {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
}

}  // namespace carillon
