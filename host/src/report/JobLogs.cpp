#include "report/JobLogs.h"

namespace carillon {

std::shared_ptr<JobLog> JobLogs::open(const JobConfig& job, const std::string& logsDir) {
    const std::lock_guard lock(_mutex);
    std::erase_if(_logs, [](const auto& entry) { return entry.second.expired(); });
    auto& known = _logs[job.name];
    if (auto log = known.lock()) return log;
    auto log = std::make_shared<JobLog>(job, logsDir);
    known = log;
    return log;
}

}  // namespace carillon
