#pragma once

#include "carillon/ConfigReader.h"

#include <string>
#include <vector>

namespace carillon {

/// The host's own file, carillon.properties. Every path is absolute.
struct HostConfig {
    std::string file{};
    ConfigSource source{};
    std::string configDir{};
    std::string pluginsDir{};
    std::string jobsDir{};
    std::string stateDir{};
    std::string logsDir{};
    std::string hostName{};
    std::vector<std::string> enabledJobs{};
};

/// Reads the file at `path`; every fault is appended and the rest is read all the same.
HostConfig readHostConfig(const std::string& path, std::vector<ConfigFault>& faults);

}  // namespace carillon
