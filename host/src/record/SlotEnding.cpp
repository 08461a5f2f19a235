#include "record/SlotEnding.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace carillon {
namespace {

constexpr std::array<std::string_view, 4> kNames{"ran", "skipped", "merged", "missed"};

}  // namespace

std::string_view slotEndingName(SlotEnding ending) {
    return kNames[static_cast<std::size_t>(ending)];
}

std::optional<SlotEnding> slotEndingOf(std::string_view name) {
    const auto found = std::find(kNames.begin(), kNames.end(), name);
    if (found == kNames.end()) return std::nullopt;
    return static_cast<SlotEnding>(std::distance(kNames.begin(), found));
}

}  // namespace carillon
