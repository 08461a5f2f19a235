#include "worker/Children.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>

namespace carillon {
namespace {

/// One for the process, as is the kernel's list of its children.
struct Register {
    std::mutex mutex{};
    std::set<pid_t> launched{};
};

Register& theRegister() {
    static Register all;
    return all;
}

std::string signalName(int number) {
    const char* abbreviation = ::sigabbrev_np(number);
    const char* text = ::sigdescr_np(number);
    return (abbreviation != nullptr ? "SIG" + std::string(abbreviation) : "signal " + std::to_string(number)) +
           (text != nullptr ? " (" + std::string(text) + ")" : "");
}

}  // namespace

pid_t launchChild(const std::function<pid_t()>& launch) {
    auto& all = theRegister();
    const std::lock_guard lock(all.mutex);
    const pid_t child = launch();
    all.launched.insert(child);
    return child;
}

std::optional<int> collectChild(pid_t child) {
    auto& all = theRegister();
    const std::lock_guard lock(all.mutex);
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno != ECHILD)) return std::nullopt;
    all.launched.erase(child);
    return ended == child ? status : 0;
}

bool adoptsOrphans() {
    int subreaper = 0;
    return ::getpid() == 1 || (::prctl(PR_GET_CHILD_SUBREAPER, &subreaper) == 0 && subreaper != 0);
}

bool reapOrphans() {
    auto& all = theRegister();
    const std::lock_guard lock(all.mutex);
    for (;;) {
        siginfo_t ended{};
        const int looked = ::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT | __WNOTHREAD);
        if (looked != 0 && errno == EINTR) continue;
        if (looked != 0 || ended.si_pid == 0) return true;
        if (all.launched.contains(ended.si_pid)) return false;
        ::waitpid(ended.si_pid, nullptr, WNOHANG);
    }
}

std::string describeExit(int status) {
    return WIFSIGNALED(status) ? "crashed with " + signalName(WTERMSIG(status))
                               : "ended the process with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace carillon
