#include "scheduler/JobTable.h"

#include "schedule/CronCalendar.h"
#include "schedule/ScheduleError.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

/// With the job's name when that decides too.
std::int64_t fingerprintOf(const JobSettings& settings, const std::string& seed) {
    std::string text = settings.schedule + '\n' + settings.busySchedule + '\n' + settings.timezone + '\n' + seed;
    // Days off that move no slot change only what becomes of the slots, and so not which one is the next.
    if (settings.off && settings.off->moves()) text += '\n' + std::to_string(settings.off->fingerprint());
    return static_cast<std::int64_t>(stableHash(text));
}

}  // namespace

std::shared_ptr<const JobPlan> JobPlans::planOf(const std::shared_ptr<const JobSettings>& settings,
                                                const std::string& job) {
    if (const auto known = _shared.find(settings.get()); known != _shared.end()) return known->second;
    const auto parse = [&](const std::string& text) {
        return text.empty() ? nullptr : timetableOf(*settings, text, job);
    };
    JobPlan plan{settings, parse(settings->schedule), parse(settings->busySchedule), 0};
    const auto usesSeed = [](const auto& schedule) { return schedule && schedule->schedule().usesSeed(); };
    const bool own = usesSeed(plan.schedule) || usesSeed(plan.busySchedule);
    plan.fingerprint = fingerprintOf(*settings, own ? job : "");
    auto made = std::make_shared<const JobPlan>(std::move(plan));
    if (!own) _shared.emplace(settings.get(), made);
    return made;
}

std::chrono::microseconds splayOf(std::chrono::milliseconds splay, std::string_view job) {
    const auto width = static_cast<std::uint64_t>(std::chrono::microseconds(splay).count());
    return std::chrono::microseconds(width == 0 ? 0 : static_cast<std::int64_t>(stableHash(job) % width));
}

JobTable::JobTable(std::shared_ptr<const Configuration> configuration) : _configuration(std::move(configuration)) {
    _jobs.reserve(_configuration->jobCount());
    JobPlans plans;
    for (std::uint32_t file = 0; file < _configuration->files.size(); ++file) {
        _firstOfFile.push_back(static_cast<JobIndex>(_jobs.size()));
        const auto rows = static_cast<std::uint32_t>(_configuration->files[file]->size());
        for (std::uint32_t row = 0; row < rows; ++row) add(file, row, plans);
    }
}

void JobTable::add(std::uint32_t file, std::uint32_t row, JobPlans& plans) {
    const auto& from = *_configuration->files[file];
    ScheduledJob job;
    job.file = file;
    job.row = row;
    job.enabled = from.enabled(row);
    try {
        if (!from.isFaulty(row)) job.plan = plans.planOf(from.settings(row), from.jobName(row));
    } catch (const ScheduleError& e) {
        _faults.push_back({from.path(), 0, from.jobName(row), sayHost("fault.refused", {{"why", e.said()}})});
    }
    _jobs.push_back(std::move(job));
}

std::string JobTable::nameOf(JobIndex job) const {
    return refOf(job).name();
}

JobRef JobTable::refOf(JobIndex job) const {
    return {_configuration->files[_jobs[job].file], _jobs[job].row};
}

std::chrono::microseconds JobTable::splayOf(JobIndex job) const {
    const auto& plan = _jobs[job].plan;
    if (!plan || plan->settings->splay.count() == 0) return {};
    return carillon::splayOf(plan->settings->splay, nameOf(job));
}

TimePoint JobTable::dueAt(JobIndex job) const {
    const TimePoint next = _jobs[job].next;
    return next == kNever || !_jobs[job].plan ? kNever : next + splayOf(job);
}

std::optional<JobIndex> JobTable::find(std::string_view name, JobIndex hint) const {
    if (hint < _jobs.size() && nameOf(hint) == name) return hint;
    const auto ref = _configuration->find(name);
    return ref ? find(*ref) : std::nullopt;
}

std::optional<JobIndex> JobTable::find(const JobRef& ref) const {
    const auto& files = _configuration->files;
    const auto file = std::find(files.begin(), files.end(), ref.file);
    if (file == files.end()) return std::nullopt;
    return _firstOfFile[static_cast<std::size_t>(file - files.begin())] + static_cast<JobIndex>(ref.index);
}

}  // namespace carillon
