#include "platform/HostEvents.h"

#include "posix/HostSignals.h"

#include <algorithm>
#include <thread>

namespace carillon {

/// By looking: sigtimedwait() is not everywhere.
HostEvent awaitHostEvent(std::chrono::milliseconds limit) {
    constexpr std::chrono::milliseconds kSignalLook{20};
    const auto until = std::chrono::steady_clock::now() + limit;
    const sigset_t wanted = hostSignals();
    for (;;) {
        sigset_t pending;
        ::sigemptyset(&pending);
        ::sigpending(&pending);
        for (const int number : {SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGCHLD}) {
            if (::sigismember(&wanted, number) != 1 || ::sigismember(&pending, number) != 1) continue;
            sigset_t one;
            ::sigemptyset(&one);
            ::sigaddset(&one, number);
            int taken = 0;
            ::sigwait(&one, &taken);
            return eventOf(taken);
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left <= left.zero()) return HostEvent::None;
        std::this_thread::sleep_for(std::min(left, kSignalLook));
    }
}

}  // namespace carillon
