#include "posix/ChildSystem.h"

#include "linux/ProcessMemory.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>

extern "C" {
#include <sys/pidfd.h>  // without the linkage of its own in this C library
}

namespace carillon {

bool makePipe(std::array<int, 2>& ends) {
    return ::pipe2(ends.data(), O_CLOEXEC) == 0;
}

void closeAllBut(int first, int second) {
    const auto low = static_cast<unsigned>(std::min(first, second));
    const auto high = static_cast<unsigned>(std::max(first, second));
    if (low > STDERR_FILENO + 1) ::close_range(STDERR_FILENO + 1, low - 1, 0);
    if (high > low + 1) ::close_range(low + 1, high - 1, 0);
    ::close_range(high + 1, ~0U, 0);
}

void closeFrom(posix_spawn_file_actions_t& files, int lowest) {
    ::posix_spawn_file_actions_addclosefrom_np(&files, lowest);
}

void closeInherited() {}

int openProcess(pid_t child) {
    return ::pidfd_open(child, 0);
}

bool dieWithParent() {
    return ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
}

void adoptGrandchildren() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

std::size_t residentBytesOf(pid_t process) {
    return readStatm(std::to_string(process), kResidentField);
}

}  // namespace carillon
