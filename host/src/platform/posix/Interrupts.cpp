#include "platform/Interrupts.h"

#include "posix/SignalText.h"

#include <signal.h>

#include <atomic>
#include <cstdint>

namespace carillon {
namespace {

std::atomic<int> interruptCount{0};
std::atomic<int> lastInterrupt{0};
std::atomic<std::int64_t> stopSender{-1};  // the user who sent it with `carillon stop`; -1: it came from elsewhere
static_assert(std::atomic<int>::is_always_lock_free, "set in a signal handler");
static_assert(std::atomic<std::int64_t>::is_always_lock_free, "set in a signal handler");

}  // namespace

void watchInterrupts() {
    struct sigaction action {};
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    action.sa_sigaction = [](int received, siginfo_t* info, void*) {
        if (received == SIGTERM && info->si_code == SI_QUEUE) stopSender.store(info->si_value.sival_int);
        lastInterrupt.store(received);
        interruptCount.fetch_add(1);
    };
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(number, &action, nullptr);
}

Interrupts interruptsSoFar() {
    Interrupts all;
    all.count = interruptCount.load();
    all.last = lastInterrupt.load();
    // SIGTERM and SIGHUP may be the end of a machine or a time limit.
    all.isOfTerminal = all.last == SIGINT;
    if (const auto sender = stopSender.load(); sender >= 0) all.by = User{static_cast<std::uint32_t>(sender)};
    return all;
}

std::string nameOfSignal(int number) {
    return abbreviationOf(number);
}

}  // namespace carillon
