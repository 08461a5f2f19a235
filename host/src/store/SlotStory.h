#pragma once

#include "carillon/Clock.h"
#include "record/Pause.h"
#include "record/Run.h"

#include "Poco/Data/Session.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// One due time, what became of it, and what the store knows of the cause. Plain data.
struct SlotStory {
    SlotRow slot{};
    std::vector<RunRow> attempts{};  ///< The runs for it, oldest first: those of a week that the history still has.
    std::optional<RunRow> other{};   ///< Skipped: the run that was in progress. Merged: the one that stands for it.
    /// It was seen too late, and no host has left a trace in between; both 1970: it was seen in time.
    TimePoint quietSince{};  ///< 1970: there is no trace before, either.
    TimePoint quietUntil{};

    bool isLate() const { return quietUntil != TimePoint{}; }
};

/// What was due of a job in a stretch of time.
struct DueStory {
    static constexpr std::size_t kMostTold = 50;

    std::vector<SlotStory> slots{};   ///< Oldest first, kMostTold at most: of more, those that ran are left out first.
    std::int64_t due = 0;             ///< In all, and of them
    std::int64_t ran = 0;             ///< those that became a run.
    std::optional<SlotRow> before{};  ///< Its neighbours in the ledger.
    std::optional<SlotRow> after{};
    std::optional<TimePoint> undecided{};  ///< The first slot of its schedule without a row; nothing: none is expected.
    std::optional<Pause> pause{};          ///< While the job is paused.
};

/// Reads the tables of the store one after the other, so that nobody has to wait, and throws what the database throws.
/// [from, until).
DueStory readDueStory(Poco::Data::Session& session, const std::string& job, TimePoint from, TimePoint until);

/// The last due time of a job by then that has a row; nothing: it has none.
std::optional<TimePoint> readLastSlot(Poco::Data::Session& session, const std::string& job, TimePoint until);

}  // namespace carillon
