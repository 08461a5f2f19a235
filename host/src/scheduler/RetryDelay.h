#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace carillon {

/// How long to wait before attempt number `attempt`, 2 or more: exponential with full jitter, so that jobs that failed
/// together do not come back together. Between 0 and min(first · 2^(attempt - 2), most).
template <class Random>
std::chrono::milliseconds retryDelay(std::chrono::milliseconds first, std::chrono::milliseconds most, int attempt,
                                     Random& random) {
    std::chrono::milliseconds longest = std::min(first, most);
    for (int i = 2; i < attempt && longest < most; ++i) longest = std::min(2 * longest, most);
    return std::chrono::milliseconds(
        std::uniform_int_distribution<std::chrono::milliseconds::rep>(0, longest.count())(random));
}

}  // namespace carillon
