#include "platform/ProcessLimits.h"

namespace carillon {

// POSIX alone has none of them.

void keepFewHeaps() {}

void lowerThisThread() noexcept {}

void wakeThisThreadOnTime() {}

}  // namespace carillon
