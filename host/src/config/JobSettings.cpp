#include "config/JobSettings.h"

#include "carillon/Clock.h"
#include "carillon/Duration.h"
#include "config/ZoneKey.h"
#include "schedule/CronExpression.h"
#include "schedule/LocalTime.h"
#include "schedule/Schedule.h"
#include "schedule/words/ScheduleWords.h"
#include "words/HostTexts.h"

#include <utility>
#include <variant>

namespace carillon {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kLongest = std::chrono::days(366);

/// Whatever H stands for, an expression is right for all jobs or for none.
std::string readSchedule(ConfigReader& in, const char* key, const std::string& zone) {
    std::string schedule = in.text(key, "");
    try {
        if (!schedule.empty()) Schedule::parse(schedule, zone, "");
    } catch (const ScheduleError& e) {
        in.fault(key, sayHost("fault.refused", {{"why", e.said()}}));
    }
    return schedule;
}

bool isInterval(const std::string& schedule) {
    try {
        return !schedule.empty() &&
               std::holds_alternative<std::chrono::milliseconds>(parseScheduleExpression(schedule));
    } catch (const ScheduleError&) {
        return false;  // its fault is told elsewhere
    }
}

std::string readGroup(ConfigReader& in, const std::map<std::string, int>& groups) {
    std::string group = in.name("job.group", "");
    if (!group.empty() && !groups.contains(group)) in.fault("job.group", sayHost("job.nogroup", {{"group", group}}));
    return group;
}

/// The slots of an interval have no time of day that they could keep.
void refuseMovedIntervals(ConfigReader& in, const JobSettings& job) {
    if (!job.off || !job.off->moves()) return;
    for (const auto& [key, schedule] :
         {std::pair{"job.schedule", job.schedule}, {"job.busy_schedule", job.busySchedule}}) {
        if (!isInterval(schedule)) continue;
        in.fault("job.calendar.days", sayHost("job.movedinterval", {{"key", key}, {"schedule", schedule}}));
    }
}

void readFiring(ConfigReader& in, JobSettings& job) {
    job.overlap = in.choice<Overlap>(
        "job.overlap", job.overlap,
        {{"skip", Overlap::Skip}, {"queue", Overlap::Queue}, {"allow", Overlap::Allow}, {"replace", Overlap::Replace}});
    job.queueMax = static_cast<int>(in.integer("job.queue.max", job.queueMax, 1, 100'000));
    job.misfire =
        in.choice<Misfire>("job.misfire", job.misfire,
                           {{"run_once", Misfire::RunOnce}, {"skip", Misfire::Skip}, {"run_all", Misfire::RunAll}});
    job.misfireWindow = in.duration("job.misfire.window", job.misfireWindow, 0ms, kLongest);
    job.misfireMax = static_cast<int>(in.integer("job.misfire.max", job.misfireMax, 1, 10'000));
    job.splay = in.duration("job.splay", job.splay, 0ms, kLongest);
}

void readRetries(ConfigReader& in, JobSettings& job) {
    job.retries = static_cast<int>(in.integer("job.retries", job.retries, 0, 100));
    job.retryDelay = in.duration("job.retry.delay", job.retryDelay, 0ms, kLongest);
    job.retryMaxDelay = in.duration("job.retry.max_delay", job.retryMaxDelay, 0ms, kLongest);
}

std::string dateText(std::chrono::local_days day) {
    return toShortRfc3339(TimePoint(day.time_since_epoch())).substr(0, 10);
}

/// What in its days off and blackouts is hardly meant; empty: nothing.
Message warningOfOffTimes(const JobSettings& job) {
    if (!job.off || job.schedule.empty()) return {};
    try {
        const auto table = timetableOf(job, job.schedule, "");
        const TimePoint now = SystemClock().now();
        if (const auto move = table->findWeekendMove(now))
            return sayHost("job.weekendmove", {{"from", dateText(move->from)}, {"to", dateText(move->to)}});
        return !table->next(now) || table->nextFiring(now) ? Message() : sayHost("job.alwaysoff");
    } catch (const ScheduleError&) {
        return {};  // its fault is told elsewhere
    }
}

}  // namespace

std::shared_ptr<const Timetable> timetableOf(const JobSettings& job, const std::string& schedule,
                                             std::string_view name) {
    return std::make_shared<const Timetable>(Schedule::parse(schedule, job.timezone, name), job.off);
}

std::vector<ConfigFault> settingWarnings(const ConfigSource& source, const JobSettings& job) {
    std::vector<ConfigFault> warnings;
    for (const auto& [key, schedule] :
         {std::pair{"job.schedule", job.schedule}, {"job.busy_schedule", job.busySchedule}})
        for (const auto& warning : warningsOfSchedule(schedule))
            warnings.push_back(source.faultOf(key, sayHost("fault.refused", {{"why", warning}})));
    for (const auto& expectation : job.expectations)
        if (expectation.kind == ExpectationKind::Slow && job.timeout > 0ms && *expectation.most >= job.timeout.count())
            warnings.push_back(source.faultOf(
                "job.expect.duration",
                sayHost("job.slowtimeout", {{"most", formatDuration(std::chrono::milliseconds(*expectation.most))},
                                            {"timeout", formatDuration(job.timeout)}})));
    if (auto warning = warningOfOffTimes(job); !warning.empty())
        warnings.push_back(
            source.faultOf(job.off->keys().calendars.empty() ? "job.blackout" : "job.calendar", warning));
    return warnings;
}

JobSettings readJobSettings(ConfigReader& in, const ConfigSource& source, const HostKeys& host,
                            OffTimesKeys& offTimes) {
    JobSettings job;
    job.plugin = in.name("job.plugin");
    job.task = in.name("job.task");
    job.timezone = readZone(in, "job.timezone", host.timezone);
    job.schedule = readSchedule(in, "job.schedule", job.timezone);
    job.busySchedule = readSchedule(in, "job.busy_schedule", job.timezone);
    job.off = offTimes.read(in, job.timezone);
    refuseMovedIntervals(in, job);
    job.group = readGroup(in, host.groupMax);
    job.timeout = in.duration("job.timeout", job.timeout, 0ms, kLongest);
    readFiring(in, job);
    readRetries(in, job);
    job.isolation = in.choice<Isolation>("job.isolation", job.isolation,
                                         {{"process", Isolation::Process}, {"thread", Isolation::Thread}});
    job.memory = in.bytes("job.memory", job.memory, 16ULL << 20, 1ULL << 40);
    job.expectations = readExpectations(in, source);
    return job;
}

}  // namespace carillon
