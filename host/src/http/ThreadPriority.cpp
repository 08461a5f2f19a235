#include "http/ThreadPriority.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace carillon {
namespace {

/// Niceness beyond that of the process: a tenth of the weight.
constexpr int kStep = 10;

// From the first thread's, whose number is the process's: this one's may be lower already, as its maker's was.
void lower() noexcept {
    errno = 0;
    const int nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::getpid()));
    if (errno == 0) ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), nice + kStep);
}

}  // namespace

void yieldToFiring() noexcept {
    static thread_local const bool isLower = [] {
        lower();
        return true;
    }();
    static_cast<void>(isLower);
}

}  // namespace carillon
