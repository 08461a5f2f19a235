#pragma once

#include "carillon/Clock.h"
#include "store/RunStore.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace carillon {

/// How a due time ended, as the pages show it; a later one is worse, and shown for a stretch with several.
/// Nothing: it ran, and there was nothing to do.
enum class SlotMark { Nothing, Ran, Running, Merged, Skipped, Stopped, Missed, Failed };
constexpr std::size_t kSlotMarks = 8;
constexpr std::array<const char*, kSlotMarks> kSlotMarkNames{"nothing", "ran",     "running", "merged",
                                                             "skipped", "stopped", "missed",  "failed"};

/// How often each came.
using MarkCounts = std::array<std::uint32_t, kSlotMarks>;

/// What lately became of one job.
struct JobDay {
    /// A stretch of five minutes; those without a due time are left out.
    static constexpr std::chrono::minutes kStretch{5};
    static constexpr std::size_t kTrend = 20;

    struct Stretch {
        std::int64_t number = 0;  ///< Since 1970.
        MarkCounts counts{};
    };
    std::vector<Stretch> stretches{};                   ///< By number.
    std::deque<std::chrono::microseconds> durations{};  ///< Of the last runs that ended, the oldest first.
    std::optional<RunRow> last{};                       ///< With the message alone of its report.
    std::optional<RunRow> lastNotStopped{};             ///< Of those that ended before `last`, likewise.
    std::optional<std::int64_t> pending{};              ///< Items that the last run that tells left to do.
    std::optional<std::chrono::seconds> lag{};          ///< Age of the oldest of these.
    std::int64_t rejected = 0;                          ///< Items that the last run that ended put aside.

    MarkCounts& countsOf(std::int64_t stretch);
    /// The run that tells how the job stands: one that was stopped neither failed nor mended what had failed.
    const std::optional<RunRow>& telling() const {
        return last && last->outcome == Outcome::Stopped ? lastNotStopped : last;
    }
};

/// What became of each job in the last 24 hours, for a page that is to be there at once whatever the length of the
/// ledger: what was read of a job is kept, and brought up to date by what the store has recorded since. Any thread;
/// borrows the clock.
class DayBook {
public:
    static constexpr std::chrono::hours kDay{24};

    DayBook(std::string stateDir, const Clock& clock) : _stateDir(std::move(stateDir)), _clock(clock) {}

    /// Of these jobs, in their order. Throws StoreException.
    std::vector<JobDay> read(const std::vector<std::string>& jobs);
    /// The same as far as it is known, without the store.
    std::vector<JobDay> readKnown(const std::vector<std::string>& jobs);

private:
    struct Entry {
        JobDay day{};
        /// Runs without an end so far, and the stretch of their due time.
        std::unordered_map<std::string, std::optional<std::int64_t>> open{};
    };

    void openStore();
    void follow(TimePoint now);
    void forgetOld(TimePoint now);
    Entry load(const std::string& job, TimePoint now);
    static void add(Entry& entry, const SlotEnd& slot);
    static void add(Entry& entry, const RunRow& run);
    void settle(Entry& entry);
    std::vector<JobDay> copy(const std::vector<std::string>& jobs) const;

    const std::string _stateDir;
    const Clock& _clock;
    mutable std::mutex _mutex;  // of all below
    std::unique_ptr<RunStore> _store{};
    int _replacements = 0;
    TimePoint _followedUntil{};
    // What was recorded so shortly before that that it is read once more, since a transaction may end after a later
    // one.
    std::map<std::pair<std::string, TimePoint>, TimePoint> _lateSlots{};
    std::map<std::string, TimePoint> _lateRuns{};
    std::unordered_map<std::string, Entry> _entries{};
};

}  // namespace carillon
