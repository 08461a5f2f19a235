#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace carillon {

/// How a due time ended.
enum class SlotEnding : std::uint8_t {
    Ran,      ///< It became a run.
    Skipped,  ///< It was not to run then: another run was in progress, or somebody wanted it so.
    Merged,   ///< The run of a later slot stands for it.
    Missed,   ///< It passed while nothing could fire, and may not be caught up with.
};

/// `ran`, `skipped`, `merged`, `missed`: as the store keeps them, and all who read of slots are told.
std::string_view slotEndingName(SlotEnding ending);
std::optional<SlotEnding> slotEndingOf(std::string_view name);

}  // namespace carillon
