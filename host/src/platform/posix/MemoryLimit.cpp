#include "platform/MemoryLimit.h"

#include <sys/resource.h>

#include <algorithm>

namespace carillon {
namespace {

/// The most that was in memory stands for what is allocated, which POSIX does not tell.
std::size_t mostResident() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

MemoryLimit::MemoryLimit(std::size_t bytes) : _bytes(bytes), _set(bytes > 0) {
    if (!_set) return;
    rlimit before{};
    ::getrlimit(RLIMIT_DATA, &before);
    _before = {before.rlim_cur, before.rlim_max};
    // The soft limit alone: the hard one could not be raised again.
    const rlimit lower{std::min<rlim_t>(mostResident() + bytes, before.rlim_cur), before.rlim_max};
    ::setrlimit(RLIMIT_DATA, &lower);
}

void MemoryLimit::lift() {
    const rlimit before{static_cast<rlim_t>(_before[0]), static_cast<rlim_t>(_before[1])};
    if (_set) ::setrlimit(RLIMIT_DATA, &before);
    _set = false;
}

}  // namespace carillon
