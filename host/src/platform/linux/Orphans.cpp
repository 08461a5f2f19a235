#include "platform/Orphans.h"

#include "posix/Children.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace carillon {

bool adoptsOrphans() {
    int subreaper = 0;
    return ::getpid() == 1 || (::prctl(PR_GET_CHILD_SUBREAPER, &subreaper) == 0 && subreaper != 0);
}

bool reapOrphans() {
    auto& all = childRegister();
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

}  // namespace carillon
