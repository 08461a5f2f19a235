#pragma once

#include "platform/HostEvents.h"

namespace carillon {

/// Has awaitHostEvent() return it; each one counts. Any thread.
void sendHostEvent(HostEvent event);

}  // namespace carillon
