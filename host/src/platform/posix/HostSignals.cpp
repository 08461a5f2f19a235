#include "posix/HostSignals.h"

#include "platform/Orphans.h"

namespace carillon {

sigset_t hostSignals() {
    static const bool adopts = adoptsOrphans();
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int number : {SIGHUP, SIGTERM, SIGINT, SIGQUIT}) ::sigaddset(&signals, number);
    if (adopts) ::sigaddset(&signals, SIGCHLD);
    return signals;
}

HostEvent eventOf(int signal) {
    switch (signal) {
        case SIGCHLD:
            return HostEvent::Child;
        case SIGHUP:
            return HostEvent::Reload;
        case SIGTERM:
        case SIGINT:
        case SIGQUIT:
            return HostEvent::End;
        default:
            return HostEvent::None;
    }
}

void holdHostEvents() {
    sigset_t signals = hostSignals();
    ::sigaddset(&signals, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace carillon
