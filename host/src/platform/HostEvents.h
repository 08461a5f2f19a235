#pragma once

#include <chrono>

namespace carillon {

/// What a host that stays is told from outside.
enum class HostEvent {
    None,    ///< Nothing within the limit.
    Child,   ///< Perhaps an orphan (Orphans.h) has ended; only for a process that adopts them.
    Reload,  ///< SIGHUP.
    End      ///< SIGTERM, SIGINT, SIGQUIT; the end of a service or of a console.
};

/// Has all of them wait for awaitHostEvent(), and a broken pipe be an error alone. To be called before the first thread
/// is made.
void holdHostEvents();

/// The next one; waits so long at most. One thread.
HostEvent awaitHostEvent(std::chrono::milliseconds limit);

}  // namespace carillon
