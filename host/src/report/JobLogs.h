#pragma once

#include "config/JobConfig.h"
#include "report/JobLog.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace carillon {

/// The logs of the jobs that run: one for all runs of a job, since two would rotate one file against each other. Each
/// is closed when its last run has ended. Safe from any thread.
class JobLogs {
public:
    /// Throws Poco::InvalidArgumentException for faults of the `logging.*` keys. Runs that overlap share the log of the
    /// first, whatever a reload changed meanwhile.
    std::shared_ptr<JobLog> open(const JobConfig& job, const std::string& logsDir);

private:
    std::mutex _mutex;
    std::map<std::string, std::weak_ptr<JobLog>> _logs;
};

}  // namespace carillon
