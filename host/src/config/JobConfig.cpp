#include "config/JobConfig.h"

#include "config/PropertiesFile.h"
#include "schedule/ScheduleError.h"
#include "schedule/ZoneDatabase.h"

#include <algorithm>

namespace carillon {
namespace {

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
    static_cast<JobSettings&>(job) = readJobSettings(in, host);
    job.title = in.text("job.title", "");
    in.acceptBelow("job.alerts.");
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
        return job.source.faultOf("job.timezone", ": " + e.message());
    }
}

}  // namespace carillon
