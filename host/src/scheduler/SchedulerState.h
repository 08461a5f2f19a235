#pragma once

#include "carillon/Clock.h"
#include "record/JobPhase.h"
#include "scheduler/JobTable.h"

#include <cstddef>
#include <string>
#include <vector>

namespace carillon {

/// How the scheduler of a host stands. Plain data.
struct SchedulerState {
    bool draining = false;
    std::string storeProblem{};  ///< Empty: the store works.
    TimePoint storeFailedSince{};
    std::vector<std::string> lostLocks{};  ///< Of runs in progress, a sentence each.
    TimePoint
        seenUntil{};  ///< Slots up to then have had their turn; the clock was set back when that is still to come.
    std::size_t jobs = 0;
    std::size_t enabled = 0;
    std::size_t paused = 0;
    std::size_t faulty = 0;
    std::size_t running = 0;
    std::size_t waiting = 0;  ///< Due or asked for, and not begun.
};

/// How one job stands. Plain data.
struct JobState {
    std::string job{};
    std::string title{};
    JobPhase phase = JobPhase::Idle;
    bool enabled = false;
    TimePoint next = kNever;     ///< The next slot; of one that is paused or disabled none.
    TimePoint retryAt = kNever;  ///< When its failed slot is tried again.
    std::string run{};           ///< The oldest run in progress.
    std::string stopping{};      ///< Why that was asked to end, such as "stopped by anna"; empty: it was not.
};

}  // namespace carillon
