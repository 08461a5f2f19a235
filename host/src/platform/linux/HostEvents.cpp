#include "platform/HostEvents.h"

#include "posix/HostSignals.h"

#include <ctime>

namespace carillon {

HostEvent awaitHostEvent(std::chrono::milliseconds limit) {
    const sigset_t signals = hostSignals();
    const timespec wait{static_cast<time_t>(limit.count() / 1000), static_cast<long>(limit.count() % 1000 * 1'000'000)};
    return eventOf(::sigtimedwait(&signals, nullptr, &wait));
}

}  // namespace carillon
