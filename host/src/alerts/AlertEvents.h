#pragma once

#include "carillon/Clock.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"
#include "config/Configuration.h"
#include "config/Expectations.h"
#include "record/Run.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What happened, as far as alerts are concerned: pure functions of what a scheduler tells and of the history's rows.
namespace carillon {

/// A run that is over, as far as alerts are concerned. Plain data.
struct EndedRun {
    std::string job{};
    std::string run{};
    Outcome outcome = Outcome::Failed;
    Message message{};
    std::int64_t rejected = 0;
    std::optional<std::int64_t> backlog{};  ///< Items that it left; nothing: it does not tell.
    TimePoint finishedAt{};
    bool triedAgain = false;  ///< It failed, and its slot has further attempts: it decides nothing yet.
    bool isReplay = false;    ///< It decided rejects anew, and is no work of the job's own.
    bool isRetry = false;     ///< A later attempt of the slot of a run that failed.
    bool givenUp = false;     ///< It failed, and the task says that only a person can help.
    std::vector<ExpectationFinding> findings{};  ///< What it says of what is expected of its job.
};

/// Slots of a job in which nothing began when it should have. Plain data.
struct LateSlots {
    std::string job{};
    TimePoint first{};
    TimePoint last{};
    std::int64_t count = 1;
    std::string why{};  ///< One of kLate….
};

/// `triedAgain` and `findings` are left to who knows the job.
EndedRun endedRunOf(const RunIdentity& run, const RunReport& report, TimePoint finishedAt);
/// Of a run in the history that has ended.
EndedRun endedRunOf(const RunRow& row);
RunIdentity identityOf(const RunRow& row);
/// With `triedAgain`, of that attempt of its slot: as the scheduler decides it; where it decides otherwise it tells
/// next.
EndedRun withRetries(EndedRun ended, std::int64_t attempt, const Configuration& configuration);

/// A run that began later than `allowed` after its slot; nothing: it did not, or was not on schedule.
std::optional<LateSlots> lateOf(const RunIdentity& run, std::chrono::microseconds allowed);
/// A slot that became no run of its own, which is late at `now`; nothing: it is not. `runningSince`: the run for which
/// it was skipped.
std::optional<LateSlots> lateOf(const SlotRow& slot, std::optional<TimePoint> runningSince, TimePoint now,
                                std::chrono::microseconds allowed);

}  // namespace carillon
