#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

enum class CheckState : std::uint8_t { Passed, Warning, Failed };

/// One line of a diagnosis: what was looked at, how it stands, and, when it is not green, what to do.
struct Check {
    std::string name{};
    CheckState state = CheckState::Failed;
    std::string message{};  ///< One sentence.
    std::vector<std::pair<std::string, std::string>> details{};
    std::string recommendation{};  ///< Empty only when the check passed.
};

/// Takes each check as it ends, so that it can be shown at once.
using CheckSink = std::function<void(const Check&)>;

inline std::string_view checkStateName(CheckState state) {
    switch (state) {
        case CheckState::Passed:
            return "passed";
        case CheckState::Warning:
            return "warning";
        case CheckState::Failed:
            return "failed";
    }
    return "failed";
}

}  // namespace carillon
