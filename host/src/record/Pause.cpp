#include "record/Pause.h"

#include "base/BoundedText.h"

namespace carillon {
namespace {

// The column of the ledger holds 100 characters, and "paused by " is ten of them.
constexpr std::size_t kLongestReason = 90;

}  // namespace

SlotReason reasonOf(const Pause& pause) {
    if (pause.by.empty()) return {SkipReason::Paused, {}};
    return {SkipReason::Paused,
            boundedText(pause.note.empty() ? pause.by : pause.by + ": " + pause.note, kLongestReason)};
}

}  // namespace carillon
