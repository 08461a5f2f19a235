#pragma once

#include "platform/ProcessEnd.h"

#include <atomic>
#include <cstdlib>
#include <string>
#include <string_view>

namespace carillon {

namespace detail {

struct CrashPlan {
    CrashPlan() {
        const char* text = std::getenv("CARILLON_CRASH_AT");
        if (text == nullptr) return;
        place = text;
        const auto colon = place.find(':');
        if (colon == std::string::npos) return;
        left = std::atol(place.c_str() + colon + 1);
        place.resize(colon);
    }

    std::string place{};        ///< Empty: nowhere.
    std::atomic<long> left{1};  ///< Passings of it, with the one that is the last.
};

inline CrashPlan crashPlan;

}  // namespace detail

/// A place at which a test may end this process without a trace, as a loss of power does. CARILLON_CRASH_AT=PLACE:N in
/// its environment ends it with SIGKILL when it passes that place for the Nth time, host and plugins counting each for
/// themselves. Else it costs a comparison with nothing. Any thread.
inline void crashPoint(std::string_view place) {
    auto& plan = detail::crashPlan;
    if (plan.place.empty() || plan.place != place || --plan.left > 0) return;
    endWithoutTrace();
}

}  // namespace carillon
