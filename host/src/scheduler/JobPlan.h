#pragma once

#include "carillon/Clock.h"
#include "config/JobFile.h"
#include "schedule/Schedule.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace carillon {

/// When a job fires, and by which settings. Immutable; jobs that fire alike share one.
struct JobPlan {
    std::shared_ptr<const JobSettings> settings{};
    std::shared_ptr<const Schedule> schedule{};      ///< Null: fires only when asked to.
    std::shared_ptr<const Schedule> busySchedule{};  ///< Null: there is none.
    std::int64_t fingerprint = 0;                    ///< Of what decides its slots; stored beside the next one.

    /// The one that is in force; null: none.
    const Schedule* active(bool busy) const { return busy && busySchedule ? busySchedule.get() : schedule.get(); }
};

/// Makes plans, one for all jobs with the same settings unless H makes their slots differ. One thread.
class JobPlans {
public:
    /// Throws ScheduleError.
    std::shared_ptr<const JobPlan> planOf(const std::shared_ptr<const JobSettings>& settings, const std::string& job);

private:
    std::map<const JobSettings*, std::shared_ptr<const JobPlan>> _shared;
};

/// How much later than its slots a job fires (job.splay): always the same for one job, spread evenly over many.
std::chrono::microseconds splayOf(std::chrono::milliseconds splay, std::string_view job);

}  // namespace carillon
