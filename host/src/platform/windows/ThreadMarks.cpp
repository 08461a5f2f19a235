#include "platform/ThreadMarks.h"

namespace carillon {

void markThisThread() {}

/// A thread inherits nothing from the one that begins it.
std::set<std::int64_t> markedThreads() {
    return {};
}

}  // namespace carillon
