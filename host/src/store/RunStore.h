#pragma once

#include "carillon/Clock.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"
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

struct ClaimRequest {
    std::string job{};
    std::string run{};  ///< Empty, or in use already: the store makes one.
    std::string trigger{};
    std::string host{};
    int attempt = 1;          ///< From 2 on: the same slot once more, which stays one row of the ledger.
    TimePoint scheduledAt{};  ///< Moved on by microseconds while the job has a slot at that instant already.
    bool recordSkip = true;   ///< Whether a refusal goes into the ledger; false for who asks again and again.
};

/// The lock is taken and the run is recorded as running.
struct Claim {
    RunIdentity identity{};
    std::optional<RunRow> abandoned{};  ///< The run that held the lock and whose process is gone; now failed.
};

/// Who holds the lock.
struct Holder {
    std::string run{};
    std::string host{};
    int pid = 0;
    TimePoint since{};
};

/// How a run ended.
struct RunEnding {
    Outcome outcome = Outcome::Failed;
    std::string message{};
    std::string report{};  ///< The whole report as JSON.
    TimePoint finishedAt{};
};

/// Locks, history and ledger of all jobs: the file carillon.db in the folder of the state. One object a process, used
/// by one thread; any number of processes on one file. What a function changes, it changes wholly or not at all. Every
/// function throws StoreException when the store fails; the object stays usable, and works again when the store does.
class RunStore {
public:
    /// A lock of another host is free when its lease was not renewed for so long.
    static constexpr std::chrono::seconds kLease{30};
    /// How long a function waits for other processes before it gives up.
    static constexpr std::chrono::milliseconds kPatience{10'000};
    /// Runs of a job that the history keeps at least; every 100th run removes what is older.
    static constexpr std::int64_t kKeptRuns = 5'000;

    /// Opens the store and makes folder, file and tables that are missing. Borrows the clock.
    RunStore(const std::string& stateDir, const Clock& clock, std::chrono::milliseconds patience = kPatience);

    /// Takes the job's lock if it is free or its holder is gone: a process of this host that no longer exists, or
    /// another host whose lease is over. A living process of this host keeps it however old its lease.
    std::variant<Claim, Holder> claim(const ClaimRequest& request);

    /// False: the lock is no longer that run's, which has to end.
    bool renewLease(const std::string& job, std::int64_t fence);

    /// Records the end and frees the lock. False, and nothing is changed: the lock was no longer that run's.
    bool finish(const RunIdentity& identity, const RunEnding& ending);

    /// Newest first; of all jobs when none is named.
    std::vector<RunRow> history(const std::optional<std::string>& job, std::size_t limit);
    std::vector<SlotRow> ledger(const std::optional<std::string>& job, std::size_t limit);

    std::optional<RunRow> run(const std::string& id);
    std::optional<RunRow> lastRun(const std::string& job);

    /// `20261122-103223-1a2b`: UTC and four random digits.
    static std::string newRunId(TimePoint at);

private:
    std::variant<Claim, Holder> claimLock(Poco::Data::Session& session, const ClaimRequest& request);

    const Clock& _clock;
    StoreFile _file;
};

}  // namespace carillon
