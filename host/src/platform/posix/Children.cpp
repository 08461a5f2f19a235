#include "posix/Children.h"

#include <sys/wait.h>

#include <cerrno>
#include <csignal>

namespace carillon {
namespace {

ExitStatus exitStatusOf(int status) {
    if (!WIFSIGNALED(status)) return {ExitStatus::Kind::Exited, WEXITSTATUS(status)};
    const int number = WTERMSIG(status);
    return {number == SIGKILL   ? ExitStatus::Kind::Killed
            : number == SIGTERM ? ExitStatus::Kind::Stopped
                                : ExitStatus::Kind::Crashed,
            number};
}

}  // namespace

ChildRegister& childRegister() {
    static ChildRegister all;
    return all;
}

pid_t launchChild(const std::function<pid_t()>& launch) {
    auto& all = childRegister();
    const std::lock_guard lock(all.mutex);
    const pid_t child = launch();
    all.launched.insert(child);
    return child;
}

std::optional<ExitStatus> collectChild(pid_t child) {
    auto& all = childRegister();
    const std::lock_guard lock(all.mutex);
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno != ECHILD)) return std::nullopt;
    all.launched.erase(child);
    return ended == child ? exitStatusOf(status) : ExitStatus{};
}

}  // namespace carillon
