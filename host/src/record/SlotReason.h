#pragma once

#include "base/EnumNames.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace carillon {

/// Why a due time became no run of its own.
enum class SkipReason : std::uint8_t {
    None,             ///< It became one, or another run stands for it.
    Overlap,          ///< A run was in progress.
    QueueFull,        ///< job.queue.max slots waited before it.
    Paused,           ///< The job was paused.
    Disabled,         ///< jobs.enabled did not name the job.
    Stopped,          ///< Somebody stopped the job while it waited.
    TooOld,           ///< It passed longer ago than job.misfire.window.
    LateSkipped,      ///< It passed unseen, and job.misfire is skip.
    BeyondMost,       ///< It passed unseen with more of them than job.misfire.max.
    ScheduleChanged,  ///< It was a slot of the schedule before.
    JobRemoved,       ///< Its job is no longer configured.
    DayOff,           ///< A calendar of the job has a day off.
    Moved,            ///< The same, and another slot on a working day stands for it.
    Blackout,         ///< It lay in a window of job.blackout, or in an event of a calendar.
    Other             ///< Of another version.
};
template <>
inline constexpr std::array kEnumNames<SkipReason>{std::string_view(""),
                                                   std::string_view("overlap"),
                                                   std::string_view("queue full"),
                                                   std::string_view("paused"),
                                                   std::string_view("disabled"),
                                                   std::string_view("stopped"),
                                                   std::string_view("older than job.misfire.window"),
                                                   std::string_view("late, and job.misfire is skip"),
                                                   std::string_view("beyond job.misfire.max"),
                                                   std::string_view("the schedule was changed"),
                                                   std::string_view("the job was removed"),
                                                   std::string_view("day off"),
                                                   std::string_view("moved"),
                                                   std::string_view("blackout"),
                                                   std::string_view("other")};

/// With what is known beside it. Plain data; stored and shown as its text.
struct SlotReason {
    SkipReason skip = SkipReason::None;
    /// Who stopped or paused it, and the note; why its time passed unseen; which day off, blackout, or time it was
    /// moved to and why; the whole text of Other.
    std::string detail{};

    bool operator==(const SlotReason&) const = default;
};

/// Such as `overlap`, `stopped by anna`, `paused by anna: travaux`, `late, and job.misfire is skip (the store failed)`,
/// `day off: Noël`, `moved to 2026-12-28 03:00 (Noël)`, `blackout (12:00-14:00)`; empty: none.
std::string textOf(const SlotReason& reason);

/// Of such a text. Each text gives itself back.
SlotReason slotReasonOf(std::string_view text);

}  // namespace carillon
