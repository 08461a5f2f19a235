#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace carillon {

/// While it lives, this process can allocate so many bytes beyond what it has: then std::bad_alloc is thrown, malloc()
/// returns null. One at a time.
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
    std::array<std::uint64_t, 2> _before{};  // what the system had set
};

}  // namespace carillon
