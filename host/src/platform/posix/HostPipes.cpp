#include "platform/HostPipes.h"

#include "posix/ChildSystem.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <thread>

namespace carillon {
namespace {

std::atomic<bool> stopRequested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set in a signal handler");

bool isPipe(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 && S_ISFIFO(status.st_mode);
}

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

}  // namespace

bool HostPipes::areNamed(int argc, const char* const* argv) {
    return argc == 2 && std::string_view(argv[1]) == "worker";
}

std::optional<HostPipes> HostPipes::inherited(int, const char* const*) {
    if (!isPipe(kChildCommands) || !isPipe(kChildMessages)) return std::nullopt;
    closeInherited();
    for (const int pipe : {kChildCommands, kChildMessages}) ::fcntl(pipe, F_SETFD, FD_CLOEXEC);
    return HostPipes(kChildCommands, kChildMessages, false);
}

HostPipes::HostPipes(std::intptr_t commands, std::intptr_t messages, bool watched)
    : _commands(commands), _messages(messages), _process(::getpid()), _watched(watched) {}

std::size_t HostPipes::read(char* bytes, std::size_t most) const {
    for (;;) {
        const ssize_t n = ::read(static_cast<int>(_commands), bytes, most);
        if (n > 0) return static_cast<std::size_t>(n);
        if (n == 0 || errno != EINTR) return 0;
    }
}

bool HostPipes::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t n = ::write(static_cast<int>(_messages), bytes.data(), bytes.size());
        if (n > 0)
            bytes.remove_prefix(static_cast<std::size_t>(n));
        else if (n < 0 && errno != EINTR)
            return false;
    }
    return true;
}

bool HostPipes::areOfThisProcess() const {
    return ::getpid() == _process;
}

std::atomic<bool>& HostPipes::serve() const {
    std::signal(SIGTERM, [](int) { stopRequested.store(true); });
    std::signal(SIGPIPE, SIG_IGN);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);  // a crash must not take with it what was printed before
    adoptGrandchildren();
    if (!_watched) watchHost(static_cast<int>(_commands));
    return stopRequested;
}

}  // namespace carillon
