#include "platform/MemoryLimit.h"

#include "linux/ProcessMemory.h"

#include <sys/resource.h>

#include <algorithm>

namespace carillon {

MemoryLimit::MemoryLimit(std::size_t bytes) : _bytes(bytes), _set(bytes > 0) {
    if (!_set) return;
    rlimit before{};
    ::getrlimit(RLIMIT_DATA, &before);
    _before = {before.rlim_cur, before.rlim_max};
    // The soft limit alone: the hard one could not be raised again.
    const rlimit lower{std::min<rlim_t>(readStatm("self", kDataField) + bytes, before.rlim_cur), before.rlim_max};
    ::setrlimit(RLIMIT_DATA, &lower);
}

void MemoryLimit::lift() {
    const rlimit before{_before[0], _before[1]};
    if (_set) ::setrlimit(RLIMIT_DATA, &before);
    _set = false;
}

}  // namespace carillon
