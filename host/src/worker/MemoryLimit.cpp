#include "worker/MemoryLimit.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace carillon {
namespace {

constexpr std::size_t kResident = 1;  // the place in /proc/PID/statm
constexpr std::size_t kData = 5;

/// A number of /proc/PID/statm, in bytes.
std::size_t readStatm(const std::string& process, std::size_t field) {
    const int file = ::open(("/proc/" + process + "/statm").c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    std::array<char, 256> text{};
    const ssize_t length = ::read(file, text.data(), text.size() - 1);
    ::close(file);
    std::array<std::size_t, 7> pages{};
    if (length <= 0 || std::sscanf(text.data(), "%zu %zu %zu %zu %zu %zu", &pages[0], &pages[1], &pages[2], &pages[3],
                                   &pages[4], &pages[5]) != 6)
        return 0;
    return pages[field] * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

MemoryLimit::MemoryLimit(std::size_t bytes) : _bytes(bytes), _set(bytes > 0) {
    if (!_set) return;
    ::getrlimit(RLIMIT_DATA, &_before);
    // The soft limit alone: the hard one could not be raised again.
    const rlimit lower{std::min<rlim_t>(readStatm("self", kData) + bytes, _before.rlim_cur), _before.rlim_max};
    ::setrlimit(RLIMIT_DATA, &lower);
}

void MemoryLimit::lift() {
    if (_set) ::setrlimit(RLIMIT_DATA, &_before);
    _set = false;
}

std::size_t residentBytesOf(pid_t process) {
    return readStatm(std::to_string(process), kResident);
}

}  // namespace carillon
