#include "windows/HostSignals.h"

#include "windows/ConsoleEvents.h"
#include "windows/System.h"

#include <array>
#include <climits>

namespace carillon {
namespace {

/// So that a second request to end is one more.
HANDLE semaphoreOf(HostEvent event) {
    static const HANDLE end = ::CreateSemaphoreW(nullptr, 0, LONG_MAX, nullptr);
    static const HANDLE reload = ::CreateSemaphoreW(nullptr, 0, LONG_MAX, nullptr);
    return event == HostEvent::Reload ? reload : end;
}

}  // namespace

void sendHostEvent(HostEvent event) {
    ::ReleaseSemaphore(semaphoreOf(event), 1, nullptr);
}

void holdHostEvents() {
    watchConsole([](int) { sendHostEvent(HostEvent::End); });
}

HostEvent awaitHostEvent(std::chrono::milliseconds limit) {
    const std::array events{semaphoreOf(HostEvent::End), semaphoreOf(HostEvent::Reload)};
    switch (::WaitForMultipleObjects(2, events.data(), FALSE, waitTime(limit.count()))) {
        case WAIT_OBJECT_0:
            return HostEvent::End;
        case WAIT_OBJECT_0 + 1:
            return HostEvent::Reload;
        default:
            return HostEvent::None;
    }
}

}  // namespace carillon
