#pragma once

#include "config/HostConfig.h"
#include "config/JobConfig.h"

#include <string>
#include <vector>

namespace carillon {

/// The whole configuration. Faults of the host's file and of the folder of jobs are in `faults`; those of a job are in
/// the job, so that one bad job leaves the others alone.
struct Configuration {
    HostConfig host{};
    std::vector<JobConfig> jobs{};  ///< By name.
    std::vector<ConfigFault> faults{};
};

/// The file to use: `given` (--config), $CARILLON_CONFIG, ./carillon.properties, /etc/carillon/carillon.properties; the
/// first that is named or exists. Throws Poco::FileNotFoundException with a sentence when there is none.
std::string locateConfiguration(const std::string& given);

/// Names of all job files, sorted. Bad names and enabled jobs without a file are faults.
std::vector<std::string> listJobs(const HostConfig& host, std::vector<ConfigFault>& faults);

Configuration readConfiguration(const std::string& path);

}  // namespace carillon
