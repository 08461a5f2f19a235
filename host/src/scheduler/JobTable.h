#pragma once

#include "base/Fields.h"
#include "calendar/Timetable.h"
#include "carillon/Clock.h"
#include "config/Configuration.h"
#include "record/SlotReason.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// When a job fires, and by which settings. Immutable; jobs that fire alike share one.
struct JobPlan {
    std::shared_ptr<const JobSettings> settings{};
    std::shared_ptr<const Timetable> schedule{};      ///< Null: fires only when asked to.
    std::shared_ptr<const Timetable> busySchedule{};  ///< Null: there is none.
    std::int64_t fingerprint = 0;                     ///< Of what decides its slots; stored beside the next one.

    /// The one that is in force; null: none.
    const Timetable* active(bool busy) const { return busy && busySchedule ? busySchedule.get() : schedule.get(); }
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

/// What is over so soon does not keep a seat from the next run.
constexpr std::chrono::milliseconds kBriefRun{50};

/// A job in a JobTable; another one after a reload.
using JobIndex = std::uint32_t;

/// What the scheduler keeps of a job. Small, since there may be a hundred thousand.
struct ScheduledJob {
    std::shared_ptr<const JobPlan> plan{};  ///< Null: its configuration is faulty.
    TimePoint next = kNever;                ///< The first slot without a ledger row.
    std::int64_t fence = 0;                 ///< Of its last run.
    std::uint32_t file = 0;
    std::uint32_t row = 0;
    std::uint32_t running = 0;  ///< Runs of this host.
    bool enabled = false;
    bool paused = false;
    bool busy = false;     ///< Its last run left a backlog.
    bool stored = false;   ///< The store has its row.
    bool changed = false;  ///< That row is to be written anew.
    bool waiting = false;  ///< It is due and stands in a queue.
    bool brief = true;     ///< Its last run of this host, if there was one, was over within kBriefRun.

    SkipReason blocked() const {
        return paused ? SkipReason::Paused : !enabled ? SkipReason::Disabled : SkipReason::None;
    }
    const Timetable* schedule() const { return plan ? plan->active(busy) : nullptr; }
};

/// All jobs of a configuration, by its files and rows. One thread.
class JobTable {
public:
    JobTable() = default;
    explicit JobTable(std::shared_ptr<const Configuration> configuration);

    std::size_t size() const { return _jobs.size(); }
    ScheduledJob& at(JobIndex job) { return _jobs[job]; }
    const ScheduledJob& operator[](JobIndex job) const { return _jobs[job]; }

    std::string nameOf(JobIndex job) const;
    JobRef refOf(JobIndex job) const;
    /// How much later than its slots it fires.
    std::chrono::microseconds splayOf(JobIndex job) const;
    /// When it fires for the slot `next`; kNever: it does not.
    TimePoint dueAt(JobIndex job) const;
    /// `hint`: where to look first.
    std::optional<JobIndex> find(std::string_view name, JobIndex hint = 0) const;
    std::optional<JobIndex> find(const JobRef& ref) const;

    const Configuration& configuration() const { return *_configuration; }
    /// Why a job has no plan although its file is well.
    const std::vector<ConfigFault>& faults() const { return _faults; }

private:
    void add(std::uint32_t file, std::uint32_t row, JobPlans& plans);

    std::shared_ptr<const Configuration> _configuration{};
    std::vector<ScheduledJob> _jobs{};
    std::vector<JobIndex> _firstOfFile{};
    std::vector<ConfigFault> _faults{};
};

}  // namespace carillon
