#pragma once

#include "carillon/Clock.h"
#include "store/JobStateTable.h"
#include "store/ProcessIdentity.h"
#include "store/StoreBatch.h"
#include "store/StoreFile.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace carillon {

/// The side of the store that a staying host uses: schedules, firings and ends, many in one transaction. The file and
/// the tables are those of RunStore. One thread; every function throws StoreException, having changed nothing, and
/// works again when the store does.
class ScheduleStore : private StoreFile {
public:
    /// How long a statement waits for another process. Short: the host has more to do.
    static constexpr std::chrono::milliseconds kPatience{250};

    /// For the calling process as the host of that name. Borrows the clock.
    ScheduleStore(const std::string& stateDir, const std::string& hostName, const Clock& clock,
                  std::chrono::milliseconds patience = kPatience);

    using StoreFile::now;

    /// Every job's row, ordered by the bytes of its name.
    void readSchedules(const std::function<void(const ScheduleRow&)>& take);
    /// Every job's last fence, ordered likewise.
    void readFences(const std::function<void(const JobFence&)>& take);

    /// Ends, as failed, the runs without an end whose process is gone. Returns them.
    std::vector<RunRow> abandonRuns();

    /// Writes all of the batch or nothing. An answer for each start, in order.
    std::vector<StartAnswer> write(const StoreBatch& batch);

    /// The locks of these runs, which hold one each.
    LeaseFindings renewLeases(const std::vector<RunIdentity>& runs);

    /// A claim outside any schedule, see claimRun().
    ClaimAnswer claim(const ClaimRequest& request);

    /// To be called when nothing is due.
    using StoreFile::checkpoint;

    /// Whether the store answers and nobody holds it. True: it is another file than before, and knows nothing of what
    /// was written.
    bool probe();
    using StoreFile::proveWritable;

private:
    const ProcessIdentity _self;
    int _replacements = 0;  // of the file, as far as the caller knows
};

}  // namespace carillon
