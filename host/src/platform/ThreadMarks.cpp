#include "platform/ThreadMarks.h"

namespace carillon {

void markThisThread() {}

std::set<std::int64_t> markedThreads() {
    return {};
}

}  // namespace carillon
