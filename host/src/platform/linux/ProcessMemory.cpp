#include "linux/ProcessMemory.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace carillon {

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

}  // namespace carillon
