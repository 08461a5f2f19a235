#pragma once

#include "carillon/Clock.h"
#include "store/Claims.h"
#include "store/JobStanding.h"
#include "store/RunRows.h"
#include "store/StoreFile.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace carillon {

/// Locks, history and ledger of all jobs: the file carillon.db in the folder of the state. One object a process, used
/// by one thread; any number of processes on one file. What a function changes, it changes wholly or not at all. Every
/// function throws StoreException when the store fails; the object stays usable, and works again when the store does.
class RunStore {
public:
    /// How long a function waits for other processes before it gives up.
    static constexpr std::chrono::milliseconds kPatience{10'000};
    /// Runs of a job that the history keeps at least; every 100th run removes what is older.
    static constexpr std::int64_t kKeptRuns = 5'000;

    /// Opens the store and makes folder, file and tables that are missing. Borrows the clock.
    RunStore(const std::string& stateDir, const Clock& clock, std::chrono::milliseconds patience = kPatience);

    /// See claimRun().
    std::variant<Claim, Holder> claim(const ClaimRequest& request);

    /// False: the lock is no longer that run's, which has to end.
    bool renewLease(const std::string& job, std::int64_t fence);

    /// Records the end and frees the lock. False, and nothing is changed: the lock was no longer that run's.
    bool finish(const RunIdentity& identity, const RunEnding& ending, bool exclusive = true);

    /// Newest first; of all jobs when none is named.
    std::vector<RunRow> history(const std::optional<std::string>& job, std::size_t limit);
    std::vector<SlotRow> ledger(const std::optional<std::string>& job, std::size_t limit);

    std::vector<RunRow> history(const RunQuery& query);
    std::vector<SlotRow> ledger(const SlotQuery& query);

    /// See readSlotEnds() and readRuns().
    std::vector<SlotEnd> slotEnds(const std::string& job, TimePoint since);
    std::vector<SlotEnd> slotEnds(TimePoint recordedSince);
    std::vector<RunRow> runsSince(TimePoint startedSince);

    std::optional<RunRow> run(const std::string& id);
    std::vector<RunLock> locks();  ///< See readLocks().
    std::optional<RunRow> lastRun(const std::string& job);
    std::vector<JobStanding> standings();  ///< See readStandings().

    /// How often the file was found to be removed or replaced.
    int replacements() const { return _file.replacements(); }

private:
    const Clock& _clock;
    StoreFile _file;
};

}  // namespace carillon
