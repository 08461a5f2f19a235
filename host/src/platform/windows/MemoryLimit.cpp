#include "platform/MemoryLimit.h"

#include "windows/OwnJob.h"

#include <psapi.h>

namespace carillon {
namespace {

void limitTo(std::size_t bytes) {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    if (bytes > 0) limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_PROCESS_MEMORY;
    limits.ProcessMemoryLimit = bytes;
    ::SetInformationJobObject(ownJob(), JobObjectExtendedLimitInformation, &limits, sizeof limits);
}

std::size_t committedBytes() {
    PROCESS_MEMORY_COUNTERS counters{};
    return ::GetProcessMemoryInfo(::GetCurrentProcess(), &counters, sizeof counters) ? counters.PagefileUsage : 0;
}

}  // namespace

MemoryLimit::MemoryLimit(std::size_t bytes) : _bytes(bytes), _set(bytes > 0) {
    if (_set) limitTo(committedBytes() + bytes);
}

void MemoryLimit::lift() {
    if (_set) limitTo(0);
    _set = false;
}

}  // namespace carillon
