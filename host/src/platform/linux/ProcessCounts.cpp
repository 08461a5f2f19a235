#include "posix/ProcessCounts.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <memory>
#include <string>

namespace carillon {
namespace {

std::size_t countEntries(const char* folder) {
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(::opendir(folder), [](DIR* dir) { return ::closedir(dir); });
    std::size_t count = 0;
    while (entries && ::readdir(entries.get()) != nullptr) ++count;
    return count;
}

void killChildren() {
    const std::string self = "/proc/self/task/" + std::to_string(::getpid()) + "/children";
    std::ifstream children(self);
    for (pid_t child = 0; children >> child;) ::kill(child, SIGKILL);
}

}  // namespace

/// The kernel counts a folder below for each.
std::size_t countThreads() {
    struct stat status {};
    return ::stat("/proc/self/task", &status) == 0 ? status.st_nlink : 0;
}

/// The folder's size is their number since Linux 6.2, and 0 before.
std::size_t countDescriptors() {
    struct stat status {};
    const bool counted = ::stat("/proc/self/fd", &status) == 0 && status.st_size > 0;
    return counted ? static_cast<std::size_t>(status.st_size) : countEntries("/proc/self/fd");
}

bool endChildren() {
    bool found = false;
    for (int look = 0; look < kTraceLooks;) {
        const pid_t ended = ::waitpid(-1, nullptr, __WALL | WNOHANG);
        if (ended < 0 && errno != EINTR) return found;
        if (ended != 0) continue;
        found = true;
        killChildren();
        ::usleep(kTraceLookInterval);
        ++look;
    }
    return found;
}

}  // namespace carillon
