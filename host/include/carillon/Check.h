#pragma once

#include "carillon/Message.h"

#include <array>
#include <cstddef>
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
    Message message{};  ///< One sentence.
    std::vector<std::pair<std::string, Message>> details{};
    Message recommendation{};  ///< Empty only when the check passed.
};

/// Takes each check as it ends, so that it can be shown at once.
using CheckSink = std::function<void(const Check&)>;

inline constexpr std::array<std::string_view, 3> kCheckStateNames{"passed", "warning", "failed"};

inline std::string_view checkStateName(CheckState state) {
    return kCheckStateNames[static_cast<std::size_t>(state)];
}

}  // namespace carillon
