#pragma once

#include "Poco/Message.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace carillon {

/// Counts the lines of a log that were not written, and tells of them on stderr, at most once in 10 s.
/// Safe from any thread.
class LostLines {
public:
    using SteadyNow = std::function<std::chrono::steady_clock::time_point()>;

    LostLines(std::string job, SteadyNow now);

    /// In a catch block only: the notice says what was caught.
    void add(const Poco::Message& message) noexcept;

    std::uint64_t count() const noexcept { return _count; }

private:
    bool isNoticeDue();

    std::string _job;
    SteadyNow _now;
    std::atomic<std::uint64_t> _count{0};
    std::mutex _mutex;
    std::optional<std::chrono::steady_clock::time_point> _noticed;
};

}  // namespace carillon
