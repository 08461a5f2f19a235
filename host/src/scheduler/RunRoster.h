#pragma once

#include "runner/RunTicket.h"
#include "scheduler/RunRequest.h"
#include "scheduler/ScheduleBook.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace carillon {

/// Claims that were made a moment before their slots: each is granted when its run is to begin, which is the startedAt
/// of its identity. One thread.
class HeldClaims {
public:
    void hold(const Claim& claim, std::shared_ptr<PendingClaim> pending) {
        const TimePoint at = claim.identity.startedAt;
        _held.emplace(at, std::pair(claim, std::move(pending)));
    }

    /// When the first of them is to be granted; kNever: there is none.
    TimePoint nextAt() const { return _held.empty() ? kNever : _held.begin()->first; }

    void grantDue(TimePoint now) {
        // What is further away than it can have been was overtaken by a clock that was set back.
        while (!_held.empty() && (nextAt() <= now || nextAt() > now + kHeadStart)) {
            auto [claim, pending] = std::move(_held.begin()->second);
            _held.erase(_held.begin());
            pending->grant(std::move(claim));
        }
    }

private:
    std::multimap<TimePoint, std::pair<Claim, std::shared_ptr<PendingClaim>>> _held;
};

/// The runs that are claimed and not over, and how many more there may be. One thread.
class RunRoster {
public:
    /// So many runs at most are claimed before a seat is free for them: as many as the seats, beyond one each, have
    /// seen end within kAheadFor. So a seat that becomes free goes on without waiting for the store, and none waits
    /// longer than that for its seat, unless a job that was brief takes longer than ever.
    static constexpr std::size_t kAhead = 256;
    static constexpr std::chrono::milliseconds kAheadFor = kBriefRun;

    struct Entry {
        std::string job{};
        std::string group{};
        RunIdentity identity{};
        std::shared_ptr<RunHandle> handle{};
        bool exclusive = true;  ///< It holds the job's lock.
        bool isBrief = true;    ///< See take().
        Message lost{};         ///< How it lost the lock; empty: it did not.
    };

    using SteadyNow = std::function<std::chrono::steady_clock::time_point()>;

    explicit RunRoster(SteadyNow now) : _now(std::move(now)) {}

    void setLimits(std::size_t most, std::map<std::string, int> groupMost) {
        _most = most;
        _groupMost = std::move(groupMost);
    }

    /// Room for one more run. Free: it is kept for it until release(). `isBrief`: its job's last run ended within
    /// kAheadFor, or there was none; nothing is claimed for a seat that no brief run has.
    Room take(const std::string& group, bool isBrief);
    /// What was taken is not kept any longer: the runs were added, or did not begin.
    void release();
    bool isFull() const;
    bool isGroupFull(const std::string& group) const;

    void add(Entry entry);
    void remove(const std::string& run);

    std::size_t size() const { return _runs.size(); }
    /// Those that hold their job's lock.
    std::vector<RunIdentity> lockHolders() const;
    /// The run has lost its job's lock: it is to stop, and holds none any more.
    void loseLock(const std::string& run, const Message& how);
    /// Empty: it has not.
    Message howLockWasLost(const std::string& run) const;
    /// How runs in progress have lost their locks, a sentence each.
    std::vector<Message> lostLocks() const;
    /// The job's oldest run; null: it has none.
    const Entry* findRunOf(const std::string& job) const;
    void stopAll(const Message& why) const;
    void stopJob(const std::string& job, const Message& why) const;
    /// The run of that id, or those of the job of that name; see RunHandle::requestStopBy(). Notes which they are.
    void stopBy(const std::string& jobOrRun, const std::string& who, StopResult& result) const;

private:
    struct Taken {
        std::string group{};
        bool isBrief = true;
    };

    std::size_t ahead() const;
    void countEnd();

    SteadyNow _now;
    std::size_t _most = 1;
    bool _filled = false;                                  ///< Until half of what is ahead has begun.
    std::chrono::steady_clock::time_point _windowBegan{};  ///< A stretch of kAheadFor
    std::size_t _endsInWindow = 0;                         ///< and the runs that ended in it,
    std::size_t _endsBefore = 0;                           ///< and in the one before.
    std::map<std::string, int> _groupMost{};
    std::map<std::string, int> _groupRuns{};  ///< With what is taken.
    std::size_t _lengthy = 0;                 ///< Runs that are not brief, with what is taken.
    std::vector<Taken> _taken{};
    std::map<std::string, Entry> _runs{};  ///< By run: their ids begin with their time.
};

}  // namespace carillon
