#include "config/JobConfig.h"

#include "config/PropertiesFile.h"
#include "schedule/ScheduleError.h"
#include "schedule/ZoneDatabase.h"

#include "Poco/StringTokenizer.h"

#include <algorithm>

namespace carillon {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kLongest = std::chrono::days(366);

/// The shape only: five or six fields, a name such as @daily, or `every` and a duration.
bool looksLikeSchedule(const std::string& text) {
    const Poco::StringTokenizer words(text, " \t", Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    if (words.count() == 2 && (words[0] == "every" || words[0] == "@every")) return parseDuration(words[1]).has_value();
    if (words.count() == 1) {
        constexpr std::string_view names[] = {"@hourly",  "@daily",  "@midnight", "@weekly",
                                              "@monthly", "@yearly", "@annually"};
        return std::find(std::begin(names), std::end(names), words[0]) != std::end(names);
    }
    return words.count() == 5 || words.count() == 6;
}

std::string readSchedule(ConfigReader& in, const char* key) {
    std::string schedule = in.text(key, "");
    if (!schedule.empty() && !looksLikeSchedule(schedule))
        in.fault(key,
                 " = " + schedule + ", expected a cron expression of 5 or 6 fields, @daily or the like, or every 90s");
    return schedule;
}

/// Keys that only a host that stays (`serve`) acts on: their values are checked here, so that a fault shows at once.
void checkServeKeys(ConfigReader& in) {
    in.choice<int>("job.overlap", 0, {{"skip", 0}, {"queue", 1}, {"allow", 2}, {"replace", 3}});
    in.choice<int>("job.misfire", 0, {{"run_once", 0}, {"skip", 1}, {"run_all", 2}});
    in.choice<int>("job.isolation", 0, {{"process", 0}, {"thread", 1}});
    in.duration("job.misfire.window", 24h, 0ms, kLongest);
    in.integer("job.retries", 0, 0, 100);
    in.duration("job.retry.delay", 10s, 0ms, kLongest);
    in.duration("job.splay", 0ms, 0ms, kLongest);
    readSchedule(in, "job.busy_schedule");
    in.acceptBelow("job.alerts.");
}

ConfigSource withOverrides(ConfigSource source, const Overrides& overrides) {
    if (overrides.empty()) return source;
    auto entries = source.entries();
    for (const auto& [key, value] : overrides) entries[key] = {value, value, 0};
    return ConfigSource(source.file(), std::move(entries));
}

}  // namespace

JobConfig readJobConfig(const HostConfig& host, const std::string& name, const Overrides& overrides) {
    JobConfig job;
    job.name = name;
    const std::string path = host.jobsDir + "/" + name + ".properties";
    job.source = withOverrides(loadPropertiesFile(path, host.configDir, job.faults), overrides);
    job.enabled = std::find(host.enabledJobs.begin(), host.enabledJobs.end(), name) != host.enabledJobs.end();
    ConfigReader in(job.source, "");
    job.plugin = in.text("job.plugin");
    job.task = in.text("job.task");
    job.title = in.text("job.title", "");
    job.schedule = readSchedule(in, "job.schedule");
    job.timezone = in.text("job.timezone", "");
    job.timeout = in.duration("job.timeout", 0ms, 0ms, kLongest);
    checkServeKeys(in);
    in.acceptBelow("task.");     // the task reads these itself, in SyncTask::configure
    in.acceptBelow("logging.");  // Poco's own keys, checked when the job's log is built
    in.refuseUnknown();
    job.faults.insert(job.faults.end(), in.faults().begin(), in.faults().end());
    return job;
}

std::optional<ConfigFault> findTimezoneFault(const JobConfig& job) {
    if (job.timezone.empty()) return std::nullopt;
    try {
        findTimeZone(job.timezone);
        return std::nullopt;
    } catch (const ScheduleError& e) {
        const auto* entry = job.source.find("job.timezone");
        return ConfigFault{job.source.file(), entry == nullptr ? 0 : entry->line, "job.timezone", ": " + e.message()};
    }
}

}  // namespace carillon
