#pragma once

#include "carillon/Clock.h"
#include "config/Configuration.h"
#include "scheduler/DueQueue.h"
#include "scheduler/JobTable.h"
#include "scheduler/SlotDecision.h"
#include "store/ScheduleStore.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace carillon {

/// Whether one more run may be claimed.
enum class Room { Free, GroupFull, Full };

/// Asked for each run that would start, of a job that is brief or not; Free takes the room.
using TakeRoom = std::function<Room(const JobSettings&, bool isBrief)>;

/// How long to wait before attempt number `attempt`, 2 or more: exponential with full jitter, so that jobs that failed
/// together do not come back together. Between 0 and min(first · 2^(attempt - 2), most).
template <class Random>
std::chrono::milliseconds retryDelay(std::chrono::milliseconds first, std::chrono::milliseconds most, int attempt,
                                     Random& random) {
    std::chrono::milliseconds longest = std::min(first, most);
    for (int i = 2; i < attempt && longest < most; ++i) longest = std::min(2 * longest, most);
    return std::chrono::milliseconds(
        std::uniform_int_distribution<std::chrono::milliseconds::rep>(0, longest.count())(random));
}

/// One look at a job that is due.
struct Look {
    JobIndex job = 0;
    SlotDecision decision{};
    std::optional<std::size_t> start{};  ///< Its run in the batch.
    bool dropsRetry = false;             ///< That run is the job's next attempt, or stands for it.
    std::optional<Pause> resumes{};      ///< This pause of the job is over.
};

/// What is to be written, and for which jobs.
struct Round {
    StoreBatch batch{};
    std::vector<Look> looks{};
    std::size_t orphans = 0;       ///< Of the batch's slots the first ones: they are of no look.
    std::vector<JobIndex> rows{};  ///< Whose rows in the store are written anew: the first of the batch's rows.

    bool empty() const { return batch.empty() && looks.empty(); }
};

/// So long before its slot a run is claimed, so that it can start in the very instant: ten times what a claim takes.
constexpr std::chrono::milliseconds kHeadStart{5};

/// All jobs of a host and their slots: what is due, what becomes of it, what the store is to know. Starts nothing and
/// writes nothing itself: plan() says what is to be written, and apply() is told that it was. One thread.
/// Invariant: a job's `next` is what the store has, or will have when its row is written.
class ScheduleBook {
public:
    ScheduleBook(std::shared_ptr<const Configuration> configuration, std::string hostName);

    /// Takes over what the store knows; slots that passed while no host ran are due. What the store does not know yet
    /// is written by the next round.
    void load(ScheduleStore& store, TimePoint now);
    /// Goes on with another configuration.
    void apply(std::shared_ptr<const Configuration> configuration, TimePoint now);
    /// Has all rows written anew: the store has lost them.
    void writeAllRows();

    /// Finds what has become due. To be called at least once a second while something may fire, and not otherwise: a
    /// longer pause is time that passed unseen. `why`: see UnseenTime.
    void look(TimePoint now, const std::string& why = {});
    /// When to look again: a head start before something is due, for the runs that begin then, and once more when it
    /// is due, for all else. kNever: nothing will be due.
    TimePoint nextAt() const;

    TimePoint seenUntil() const { return _lookedAt; }

    /// What is to be written now. `full`: no run may start. A run that is to start later, within the head start, has
    /// that time as its startedAt.
    Round plan(TimePoint now, bool full, const TakeRoom& takeRoom);
    /// The round was written; the answers are the store's. Returns the jobs whose runs are to be stopped.
    std::vector<JobIndex> apply(const Round& round, const std::vector<StartAnswer>& answers, TimePoint now);
    /// The round could not be written.
    void putBack(Round&& round);

    /// A run that was claimed beside the schedule.
    void begin(JobIndex job, const Claim& claim);
    /// A run of the job is over. The next round writes what that changes.
    void end(const RunIdentity& run, const RunReport& report, TimePoint now);
    /// Looks again at a job of each group that waits and has room now.
    void wakeGroups(const std::function<bool(const std::string& group)>& hasRoom);

    /// Something of what the store has of a job is another now.
    bool hasChanges() const { return !_changed.empty(); }

    /// False: it is paused so already. Of one that is paused the end, and the note if there is one, become these.
    bool pause(JobIndex job, const Pause& pause, TimePoint now);
    /// False: it was not paused.
    bool resume(JobIndex job, TimePoint now);
    /// Nothing: it is not paused.
    std::optional<Pause> pauseOf(JobIndex job) const;
    /// The failed slot that would be tried again is not. False: there was none.
    bool cancelRetry(JobIndex job, TimePoint now);
    /// What is due of the job and has not begun is skipped for that reason. False: nothing is.
    bool skipDue(JobIndex job, SlotReason reason, TimePoint now);
    /// Something of it is due and waits for the end of its own run.
    bool waitsForItself(JobIndex job, TimePoint now) const { return _jobs[job].running > 0 && _jobs.dueAt(job) <= now; }
    /// Something of it is due and waits for the end of a blackout.
    bool isHeld(JobIndex job, TimePoint now) const { return heldUntil(job, now).has_value() && timeOf(job) <= now; }

    const JobTable& jobs() const { return _jobs; }
    bool hasRetry(JobIndex job) const { return _retries.contains(job); }
    /// kNever: it has none.
    TimePoint retryAt(JobIndex job) const {
        const auto retry = _retries.find(job);
        return retry == _retries.end() ? kNever : retry->second.at;
    }
    std::size_t waiting() const;
    /// The first of its slots without a ledger row that is not on a day off or in a blackout; kNever: there is none.
    TimePoint nextFiringOf(JobIndex job);

private:
    void takeRow(const ScheduleRow& row, JobIndex& hint, TimePoint now);
    void follow(JobIndex job, std::int64_t plan, const Timetable* before, TimePoint now);
    void orphanSlots(const std::string& job, TimePoint first, const Timetable* schedule, SkipReason why, TimePoint now);
    std::optional<JobIndex> carryOver(const JobTable& before, JobIndex from, const std::optional<Pause>& pause,
                                      TimePoint now);
    void expectAll(TimePoint now);
    void expect(JobIndex job, TimePoint now);
    void makeReady(JobIndex job);
    TimePoint timeOf(JobIndex job) const;
    TimePoint startOf(JobIndex job, TimePoint now) const;
    std::optional<TimePoint> heldUntil(JobIndex job, TimePoint now) const;
    void lookAt(JobIndex job, TimePoint now, const TakeRoom& takeRoom, Round& round, bool& full);
    bool planRetry(JobIndex job, TimePoint now, const TakeRoom& takeRoom, Round& round, bool& full);
    bool takeRoomFor(JobIndex job, const TakeRoom& takeRoom, bool& full);
    bool endPause(JobIndex job, TimePoint now, Round& round);
    ScheduleRow& rowIn(Round& round, JobIndex job);
    void dropRetry(Look& look, Round& round);
    void addStart(Look& look, RunIdentity identity, Round& round);
    void addSlots(const Look& look, Round& round);
    SlotReason blockedReason(JobIndex job) const;
    void setPause(JobIndex job, const std::optional<Pause>& pause);
    void change(JobIndex job);
    void addRows(Round& round);
    bool take(const Look& look, const StartAnswer& answer, TimePoint now);
    void settle(const Look& look, TimePoint now);
    ScheduleRow rowOf(JobIndex job) const;
    std::string runInProgress(JobIndex job) const;
    std::size_t runningOf(JobIndex job, TimePoint now) const;

    /// A lock of a process that is not this host's, and when to ask for it again.
    struct HeldElsewhere {
        Holder holder{};
        TimePoint until{};
    };

    std::string _hostName;
    JobTable _jobs;
    DueQueue _due;
    std::deque<JobIndex> _ready;                                // due, in the order of their coming
    std::map<std::string, std::deque<JobIndex>> _groupWaiting;  // due, and their group is full
    std::map<JobIndex, Retry> _retries;
    std::map<JobIndex, Pause> _pauses;  // of all that are paused
    struct Skip {
        SlotReason reason{};
        TimePoint until{};
    };
    std::map<JobIndex, Skip> _skips;  // what is due by then, until that is written
    std::map<JobIndex, HeldElsewhere> _heldElsewhere;
    /// A slot on a day off or in a blackout, and the next one that fires: the way there may be long.
    struct FiringBehind {
        TimePoint slot{};
        TimePoint fires = kNever;
    };
    std::map<JobIndex, FiringBehind> _firings;  // of jobs of which it was asked for
    std::map<std::string, std::string> _runs;   // the last run in progress of each job, by name
    std::vector<JobIndex> _changed;             // whose row in the store is to be written anew
    std::vector<ScheduleRow> _removed;          // of jobs that are no more
    std::map<std::string, Pause> _pausedAndGone;
    std::vector<SlotRow> _orphans;  // slots of schedules that are no more
    std::vector<UnseenTime> _unseen;
    TimePoint _lookedAt = TimePoint::min();  // until then nothing passed unseen
    TimePoint _lookedAhead{};                // until then was looked for runs ahead of their time
    std::mt19937_64 _random;
};

}  // namespace carillon
