#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace carillon {

/// A line on stderr that says how far a run is, drawn over itself; only on a terminal, and only for what takes longer
/// than a moment.
class ProgressBar {
public:
    ProgressBar();
    ~ProgressBar() { clear(); }
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(std::uint64_t done, std::uint64_t total, const std::string& what);
    /// Makes room for another message.
    void clear();

private:
    bool _enabled;
    bool _drawn = false;
    std::chrono::steady_clock::time_point _started;
};

}  // namespace carillon
