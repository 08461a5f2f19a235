#pragma once

#include "carillon/Clock.h"

#include <chrono>
#include <string>
#include <utility>

namespace carillon {

/// Whether the store works, and when to try it again. One thread.
class StoreHealth {
public:
    static constexpr std::chrono::milliseconds kRetry{500};

    bool isDown() const { return !_problem.empty(); }
    const std::string& problem() const { return _problem; }
    TimePoint since() const { return _since; }
    /// The same moment, for spans.
    std::chrono::steady_clock::time_point downAt() const { return _downAt; }
    /// When to try again.
    std::chrono::steady_clock::time_point retryAt() const { return _retryAt; }
    bool mayTry() const { return !isDown() || std::chrono::steady_clock::now() >= _retryAt; }

    /// True: it worked before.
    bool failed(std::string problem, TimePoint now) {
        const bool first = !isDown();
        if (first) {
            _since = now;
            _downAt = std::chrono::steady_clock::now();
        }
        _problem = std::move(problem);
        _retryAt = std::chrono::steady_clock::now() + kRetry;
        return first;
    }
    /// True: it did not work before.
    bool worked() { return !std::exchange(_problem, {}).empty(); }

private:
    std::string _problem;
    TimePoint _since{};
    std::chrono::steady_clock::time_point _downAt{};
    std::chrono::steady_clock::time_point _retryAt{};
};

}  // namespace carillon
