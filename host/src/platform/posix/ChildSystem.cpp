#include "posix/ChildSystem.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace carillon {
namespace {

int endOfDescriptors() {
    constexpr long kMost = 65'536;  // a limit may be as good as none
    return static_cast<int>(std::min(::sysconf(_SC_OPEN_MAX), kMost));
}

void closeRange(int first, int end) {
    for (int descriptor = first; descriptor < end; ++descriptor) ::close(descriptor);
}

}  // namespace

/// A program that another thread starts in between gets them.
bool makePipe(std::array<int, 2>& ends) {
    if (::pipe(ends.data()) != 0) return false;
    for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
    return true;
}

void closeAllBut(int first, int second) {
    closeRange(STDERR_FILENO + 1, std::min(first, second));
    closeRange(std::min(first, second) + 1, std::max(first, second));
    closeRange(std::max(first, second) + 1, endOfDescriptors());
}

/// By a flag of each that is open. Else a child that has just begun would answer for a host that is gone.
void closeFrom(posix_spawn_file_actions_t&, int lowest) {
    const int end = endOfDescriptors();
    for (int descriptor = lowest; descriptor < end; ++descriptor)
        if (::fcntl(descriptor, F_GETFD) == 0) ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

void closeInherited() {
    closeAllBut(kChildCommands, kChildMessages);
}

int openProcess(pid_t) {
    return -1;
}

bool dieWithParent() {
    return false;
}

void adoptGrandchildren() {}

std::size_t residentBytesOf(pid_t) {
    return 0;
}

}  // namespace carillon
