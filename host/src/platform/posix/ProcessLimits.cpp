#include "platform/ProcessLimits.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>

namespace carillon {

void prepareProcess() {
    ::umask(::umask(077) | 027);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGCHLD, SIG_DFL);  // where it is ignored, as some starters leave it, nobody learns how a worker ended
}

std::uint64_t openFileLimit() {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    return files.rlim_cur;
}

void raiseOpenFileLimit(std::uint64_t enough) {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur >= enough) return;
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, enough);
    ::setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace carillon
