#include "platform/ProcessLimits.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace carillon {
namespace {

/// Niceness beyond that of the process: a tenth of the weight.
constexpr int kStep = 10;

}  // namespace

void keepFewHeaps() {
#ifdef __GLIBC__
    ::mallopt(M_ARENA_MAX, 2);  // a heap for each of many threads never gives back what others could use
#endif
}

// From the first thread's, whose number is the process's: this one's may be lower already, as its maker's was.
void lowerThisThread() noexcept {
    errno = 0;
    const int nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::getpid()));
    if (errno == 0) ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), nice + kStep);
}

void wakeThisThreadOnTime() {
    ::prctl(PR_SET_TIMERSLACK, 1);  // a nanosecond
}

}  // namespace carillon
