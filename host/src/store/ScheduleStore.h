#pragma once

#include "carillon/Clock.h"
#include "store/Claims.h"
#include "store/ProcessIdentity.h"
#include "store/RunRows.h"
#include "store/StoreFile.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace carillon {

/// A failed slot that is tried again.
struct Retry {
    TimePoint at{};
    TimePoint slot{};
    int attempt = 2;
    std::string trigger{};  ///< Of the first attempt.
};

/// What the store knows of a job's schedule.
struct ScheduleRow {
    std::string job{};
    std::int64_t plan = 0;            ///< Fingerprint of the schedule that `next` belongs to.
    std::optional<TimePoint> next{};  ///< The first slot without a ledger row.
    bool paused = false;
    bool busy = false;
    std::optional<Retry> retry{};
};

/// A run that begins. Its fence is one above the job's last one, as far as the caller knows.
struct RunStart {
    RunIdentity identity{};
    bool exclusive = true;  ///< Takes the job's lock.
};

/// A run that is over.
struct RunEnd {
    RunIdentity identity{};
    RunEnding ending{};
    bool exclusive = true;
};

/// A job's next slot moves on.
struct ScheduleMove {
    std::string job{};
    TimePoint from{};
    std::optional<TimePoint> to{};
};

/// What is written in one transaction.
struct StoreBatch {
    std::vector<RunEnd> ends{};
    std::vector<RunStart> starts{};
    std::vector<ScheduleMove> moves{};
    std::vector<SlotRow> slots{};  ///< The ledger rows of the starts, too.
    std::vector<ScheduleRow> rows{};
    std::vector<std::string> trims{};  ///< Jobs whose history is cut to what is kept.

    bool empty() const {
        return ends.empty() && starts.empty() && moves.empty() && slots.empty() && rows.empty() && trims.empty();
    }
};

/// The slot of a start is in the ledger already.
struct SlotTaken {};

/// What became of a start: the run as it is recorded; or who holds the job's lock; or that the slot was another run's.
/// In the last two cases nothing of that job is written.
using StartAnswer = std::variant<Claim, Holder, SlotTaken>;

/// A run whose lock is another's by now. Whoever holds it may do the same work.
struct LostLock {
    RunIdentity run{};
    std::optional<Holder> holder{};  ///< Nothing: it was taken and freed again.
};

/// What a renewal found that was not as it was left.
struct LeaseFindings {
    std::vector<LostLock> lost{};
    std::vector<RunIdentity> restored{};  ///< The lock was free, and nobody had held it since: it is theirs again.
};

/// The side of the store that a staying host uses: schedules, firings and ends, many in one transaction. The file and
/// the tables are those of RunStore. One thread; every function throws StoreException, having changed nothing, and
/// works again when the store does.
class ScheduleStore {
public:
    /// How long a statement waits for another process. Short: the host has more to do.
    static constexpr std::chrono::milliseconds kPatience{250};
    static constexpr std::int64_t kKeptRuns = 5'000;

    /// For the calling process as the host of that name. Borrows the clock.
    ScheduleStore(const std::string& stateDir, const std::string& hostName, const Clock& clock,
                  std::chrono::milliseconds patience = kPatience);

    /// The store's time, by which is judged what is due.
    TimePoint now() const { return _clock.now(); }

    /// Every job's row, ordered by the bytes of its name.
    void readSchedules(const std::function<void(const ScheduleRow&)>& take);
    /// Every job's last fence, ordered likewise.
    void readFences(const std::function<void(const std::string& job, std::int64_t fence)>& take);

    /// Ends, as failed, the runs without an end whose process is gone. Returns them.
    std::vector<RunRow> abandonRuns();

    /// Writes all of the batch or nothing. An answer for each start, in order.
    std::vector<StartAnswer> write(const StoreBatch& batch);

    /// The locks of these runs, which hold one each.
    LeaseFindings renewLeases(const std::vector<RunIdentity>& runs);

    /// A claim outside any schedule, see claimRun().
    std::variant<Claim, Holder> claim(const ClaimRequest& request);

    /// Brings what was written into the main file, which may wait for the disk: to be called when nothing is due.
    void checkpoint();

    /// Whether the store answers and nobody holds it. True: it is another file than before, and knows nothing of what was
    /// written.
    bool probe();
    /// See StoreFile.
    void proveWritable() { _file.proveWritable(); }

private:
    const Clock& _clock;
    const ProcessIdentity _self;
    StoreFile _file;
    int _replacements = 0;  // of the file, as far as the caller knows
};

}  // namespace carillon
