#pragma once

#include "base/Fields.h"
#include "carillon/Clock.h"
#include "record/SlotReason.h"

#include <optional>
#include <string>

namespace carillon {

/// That a job fires no more. Plain data; the texts are visible and of bounded length (see boundedText).
struct Pause {
    std::string by{};                  ///< Who wanted it; empty: an earlier version's, which did not note it.
    TimePoint since{};                 ///< 1970: likewise.
    std::optional<TimePoint> until{};  ///< The job fires again from then on; nothing: once somebody resumes it.
    std::string note{};                ///< Why; may be empty.

    bool operator==(const Pause&) const = default;
};

/// Characters of a note.
constexpr std::size_t kLongestNote = 200;

/// Why a slot in the pause became no run, for the ledger: `paused by anna: travaux sur la base`, cut to what fits
/// there.
SlotReason reasonOf(const Pause& pause);

template <class Archive>
void fields(Archive& archive, Pause& pause) {
    archive.orNull("by", pause.by);
    archive("since", pause.since);
    archive("until", pause.until);
    archive.orNull("note", pause.note);
}

}  // namespace carillon
