#include "scheduler/JobPlan.h"

#include "schedule/CronCalendar.h"

#include <utility>

namespace carillon {
namespace {

/// With the job's name when that decides too.
std::int64_t fingerprintOf(const JobSettings& settings, const std::string& seed) {
    const std::string text = settings.schedule + '\n' + settings.busySchedule + '\n' + settings.timezone + '\n' + seed;
    return static_cast<std::int64_t>(stableHash(text));
}

}  // namespace

std::shared_ptr<const JobPlan> JobPlans::planOf(const std::shared_ptr<const JobSettings>& settings,
                                                const std::string& job) {
    if (const auto known = _shared.find(settings.get()); known != _shared.end()) return known->second;
    const auto parse = [&](const std::string& text) {
        return text.empty() ? nullptr : Schedule::parse(text, settings->timezone, job);
    };
    JobPlan plan{settings, parse(settings->schedule), parse(settings->busySchedule), 0};
    const auto usesSeed = [](const auto& schedule) { return schedule && schedule->usesSeed(); };
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

}  // namespace carillon
