#pragma once

#include "alerts/AlertCourier.h"
#include "alerts/AlertDecision.h"
#include "alerts/AlertEvents.h"
#include "alerts/AlertPolicy.h"
#include "alerts/AlertStore.h"
#include "alerts/RunWatch.h"
#include "alerts/SuccessWatch.h"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>

namespace carillon {

/// Its task was called.
struct StartedRun {
    RunIdentity identity{};
};

/// The job's failed slot gets no further attempt.
struct RetriesEnded {
    std::string job{};
};

/// A slot that became no run of its own.
struct PassedSlot {
    SlotRow slot{};
    std::optional<TimePoint> runningSince{};  ///< The run for which it was skipped.
};

using JobEvent = std::variant<StartedRun, EndedRun, RetriesEnded, PassedSlot>;
using AlertCouriers = std::map<AlertChannel, std::unique_ptr<AlertCourier>>;

/// Decides what people are alerted to, from what it is told of jobs and by the clock, and writes that into the store,
/// from which the couriers take it. One thread.
/// Invariant: a run that ended is looked at once, however hosts end: as it is told, or, where that was lost with a host
/// or for want of room, from the history.
class AlertJudge {
public:
    using CurrentPolicy = std::function<std::shared_ptr<const AlertPolicy>()>;
    using Steady = std::chrono::steady_clock;

    /// Borrows clock and couriers.
    AlertJudge(CurrentPolicy current, std::string host, const Clock& clock, AlertCouriers& couriers);

    void take(JobEvent&& event);
    /// Not everything was told: the history is to be looked at. So it is at first.
    void fallBehind() { _behind = true; }
    /// Decides on what was taken and on what the clock says; begins nothing more at `until`. Throws StoreException:
    /// what is not decided then is decided by the next call.
    void work(Steady::time_point until);

private:
    /// Who tells of a run.
    enum class Source { Scheduler, History };

    void catchUp();
    void lookBack(const RunRow& row, std::set<std::string>& awaited);
    void handle(const JobEvent& event);
    void begin(const StartedRun& started);
    void end(const EndedRun& run, Source source);
    void endRetries(const std::string& job);
    void addLateStart(const RunIdentity& run);
    void addLate(LateSlots slots);
    void tellLate();
    void lookForLateJobs();
    void lookForSlowRuns();
    void lookForSuccesses();
    void keepHouse();
    template <class Decide>
    void tell(const std::string& job, Decide decide);
    template <class Finding>
    void tellFinding(const Finding& finding);
    void ask(AlertStore::Question question);
    std::chrono::microseconds allowanceOf(const std::string& job) const;

    const CurrentPolicy _current;
    const std::string _host;
    const Clock& _clock;
    AlertCouriers& _couriers;
    std::optional<AlertStore> _store;
    bool _behind = true;
    std::deque<JobEvent> _taken;             // not yet decided on
    std::map<std::string, LateSlots> _late;  // by job, not yet decided on
    RunWatch _runs{};
    SuccessWatch _successes{};
    TimePoint _seenUntil{};
    TimePoint _markedUntil{};
    Steady::time_point _nextLook{};
    Steady::time_point _nextMark{};
    Steady::time_point _nextTrim{};
};

}  // namespace carillon
