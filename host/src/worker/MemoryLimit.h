#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstddef>

namespace carillon {

/// While it lives, this process can allocate so many bytes beyond what it has: then std::bad_alloc is thrown, malloc()
/// returns null.
class MemoryLimit {
public:
    /// 0: no limit.
    explicit MemoryLimit(std::size_t bytes);
    MemoryLimit(const MemoryLimit&) = delete;
    MemoryLimit& operator=(const MemoryLimit&) = delete;
    ~MemoryLimit() { lift(); }

    void lift();
    /// As given.
    std::size_t bytes() const { return _bytes; }

private:
    std::size_t _bytes;
    bool _set;
    rlimit _before{};
};

/// Of a process; 0 when it cannot be known.
std::size_t residentBytesOf(pid_t process);

}  // namespace carillon
