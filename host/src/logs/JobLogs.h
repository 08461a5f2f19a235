#pragma once

#include "config/JobFile.h"
#include "logs/JobLog.h"

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace carillon {

/// The logs of the jobs that run: one for all runs of a job, since two would rotate one file against each other. The
/// last ones stay open, as a job that runs often would else build its log each time. Safe from any thread.
class JobLogs {
public:
    /// So many stay open beside those in use.
    static constexpr std::size_t kKept = 64;

    /// Throws Poco::InvalidArgumentException for faults of the `logging.*` keys. Runs that overlap share the log of the
    /// first, whatever a reload changed meanwhile.
    std::shared_ptr<JobLog> open(const JobRef& ref, const JobConfig& job, const std::string& logsDir);

private:
    struct Kept {
        std::string job{};
        std::shared_ptr<const JobFile> file{};  ///< Another one after a reload that changed it.
        std::shared_ptr<JobLog> log{};
    };
    using Kepts = std::list<Kept>;

    std::mutex _mutex;
    Kepts _kept;  ///< The one used last comes first.
    std::unordered_map<std::string, Kepts::iterator> _places;
    std::unordered_map<std::string, std::weak_ptr<JobLog>> _inUse;  ///< Of those that are not kept any longer.
};

}  // namespace carillon
