#pragma once

#include "platform/HostEvents.h"

#include <signal.h>

namespace carillon {

/// Those that are host events.
sigset_t hostSignals();

/// Of a signal's number; of another one, or none, None.
HostEvent eventOf(int signal);

}  // namespace carillon
