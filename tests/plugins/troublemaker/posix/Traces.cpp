#include "../Traces.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using carillon::RunReport;

namespace {

constexpr std::size_t kBlock = 1 << 20;
constexpr std::size_t kSharedBlocks = 512;
constexpr std::size_t kLeaked = 100;
constexpr int kDescriptors = 256;

/// Two forks and a session of its own: nobody's child, in nobody's group.
RunReport daemonise() {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return RunReport::failed("no pipe");
    const pid_t between = ::fork();
    if (between == 0) {
        ::setsid();
        const pid_t daemon = ::fork();
        if (daemon == 0) loopForEver();
        [[maybe_unused]] const auto ignored = ::write(ends[1], &daemon, sizeof daemon);
        ::_exit(0);
    }
    pid_t daemon = 0;
    [[maybe_unused]] const auto ignored = ::read(ends[0], &daemon, sizeof daemon);
    ::close(ends[0]);
    ::close(ends[1]);
    return RunReport::succeeded(std::to_string(daemon));
}

RunReport closeStdout() {
    ::close(STDOUT_FILENO);
    ::close(STDERR_FILENO);
    return RunReport::succeeded("closed stdout");
}

RunReport lowerLimits() {
    const rlimit few{64, 64};
    ::setrlimit(RLIMIT_NOFILE, &few);
    return RunReport::succeeded("lowered a limit");
}

/// Everything that its process can put back.
RunReport disturb() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    std::signal(SIGTERM, SIG_IGN);
    std::signal(SIGSEGV, [](int) { ::_exit(0); });
    ::umask(0777);
    const itimerval anHour{{0, 0}, {3'600, 0}};
    ::setitimer(ITIMER_REAL, &anHour, nullptr);
    std::setlocale(LC_ALL, "C.UTF-8");
    return ::chdir("/proc") == 0 ? RunReport::succeeded("disturbed") : RunReport::failed("no /proc");
}

RunReport tellState() {
    sigset_t mask;
    ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    struct sigaction segfault {};
    ::sigaction(SIGSEGV, nullptr, &segfault);
    itimerval timer{};
    ::getitimer(ITIMER_REAL, &timer);
    const mode_t mode = ::umask(0);
    ::umask(mode);
    std::array<char, 4'096> folder{};
    auto report = RunReport::succeeded("told");
    report.warn(::getcwd(folder.data(), folder.size()));
    report.warn(std::setlocale(LC_ALL, nullptr));
    report.gauge("umask", mode).gauge("timer", timer.it_value.tv_sec);
    report.gauge("blocked", ::sigismember(&mask, SIGTERM)).gauge("handled", segfault.sa_handler != SIG_DFL);
    return report;
}

/// To the last byte, and nothing is given back.
RunReport leak() {
    for (;;) std::memset(new char[kLeaked], 1, kLeaked);
}

/// Memory that no limit of the process counts.
RunReport fillSharedMemory() {
    for (std::size_t i = 0; i < kSharedBlocks; ++i) {
        void* block = ::mmap(nullptr, kBlock, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (block != MAP_FAILED) std::memset(block, 1, kBlock);
    }
    loopForEver();
}

/// Those from 3 up.
RunReport listDescriptors() {
    auto report = RunReport::succeeded("listed");
    for (int fd = STDERR_FILENO + 1; fd < kDescriptors; ++fd) {
        std::array<char, 256> target{};
        const std::string link = "/proc/self/fd/" + std::to_string(fd);
        if (::readlink(link.c_str(), target.data(), target.size() - 1) > 0) report.warn(target.data());
    }
    return report;
}

}  // namespace

std::optional<RunReport> leaveTrace(const std::string& name) {
    const std::map<std::string, std::function<RunReport()>> traces{
        {"fork", [] { return RunReport::succeeded(std::to_string(leaveSleeperBehind())); }},
        {"fork_and_return", [] { return ::fork(), RunReport::succeeded("twice"); }},
        {"daemonise", daemonise},
        {"leave_thread", [] { return std::thread(loopForEver).detach(), RunReport::succeeded("left a thread"); }},
        {"leave_descriptor", [] { return RunReport::succeeded(std::to_string(::dup(STDOUT_FILENO))); }},
        {"close_stdout", closeStdout},
        {"lower_limits", lowerLimits},
        {"set_variable", [] { return ::setenv("CARILLON_TRACE", "1", 1), RunReport::succeeded("set a variable"); }},
        {"disturb", disturb},
        {"tell_state", tellState},
        {"leak", leak},
        {"fill_shared_memory", fillSharedMemory},
        {"descriptors", listDescriptors},
    };
    const auto trace = traces.find(name);
    if (trace == traces.end()) return std::nullopt;
    return trace->second();
}

int leaveSleeperBehind() {
    const pid_t pid = ::fork();
    if (pid == 0) loopForEver();
    return pid;
}

void loopForEver() {
    for (;;) ::pause();
}

void crash() {
    std::raise(SIGSEGV);
    loopForEver();
}

void killSelf() {
    std::raise(SIGKILL);
    loopForEver();
}

void exhaustMemory() {
    const rlimit limit{1 << 30, 1 << 30};
    ::setrlimit(RLIMIT_AS, &limit);
    std::vector<std::unique_ptr<char[]>> blocks;
    for (;;) blocks.push_back(std::make_unique<char[]>(16 << 20));
}
