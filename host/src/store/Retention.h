#pragma once

#include "carillon/Clock.h"

#include "Poco/Data/Session.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// Runs of a job that the history keeps when no age is set.
constexpr std::int64_t kKeptRuns = 5'000;

/// Runs of each job that stay however old they are.
constexpr std::int64_t kSparedRuns = 50;

/// How much of history and ledger is kept. Without ages: the newest kKeptRuns of each job, and of the ledger what is
/// not older than they are.
struct HistoryKeeping {
    std::optional<std::chrono::milliseconds> runs{};   ///< As long after they began, however many there are.
    std::optional<std::chrono::milliseconds> slots{};  ///< As long; else like the runs.
    std::int64_t most = kKeptRuns;                     ///< Of runs without an age.

    bool operator==(const HistoryKeeping&) const = default;
};

/// What of one job is to be deleted.
struct Outdated {
    std::string job{};
    TimePoint runsBefore{};
    TimePoint slotsBefore{};
    std::string spared{};         ///< The last run that succeeded: since when a job fails is known as long as it does.
    std::string sparedReplays{};  ///< The same, replays included: it tells of the rejects.
};

/// The jobs that have a run or a slot, by name, whether they are configured still or not.
std::vector<std::string> readRecordedJobs(Poco::Data::Session& session);

/// Reads only. Nothing: all of the job is kept.
std::optional<Outdated> readOutdated(Poco::Data::Session& session, const std::string& job,
                                     const HistoryKeeping& keeping, TimePoint now);

/// Deletes the oldest of it, `portion` rows of each table at most, inside a transaction of the caller. Returns how
/// many; none: all of it is gone. Never a run that goes on.
std::size_t deleteOutdated(Poco::Data::Session& session, const Outdated& outdated, std::size_t portion);

/// How much there is of one table.
struct Extent {
    std::int64_t rows = 0;
    std::optional<TimePoint> since{};  ///< The oldest; nothing: there is none.
};
/// These read an index from one end to the other.
Extent readExtentOfRuns(Poco::Data::Session& session);
Extent readExtentOfSlots(Poco::Data::Session& session);

}  // namespace carillon
