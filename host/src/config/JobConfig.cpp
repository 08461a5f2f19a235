#include "config/JobConfig.h"

#include "config/JobFile.h"
#include "config/JobName.h"

namespace carillon {

JobConfig readJobConfig(const HostConfig& host, const std::string& name, const Overrides& overrides) {
    const auto file = JobFile::read(host, std::string(fileOfJob(name)));
    if (const auto index = file->find(name)) return file->config(*index, overrides);
    JobConfig job;
    job.name = name;
    job.source = ConfigSource(file->path(), {});
    job.faults = file->faults();
    job.faults.push_back({file->path(), 0, "", file->describeAbsence(name)});
    return job;
}

}  // namespace carillon
