#pragma once

#include "base/ConfigSource.h"
#include "config/HostConfig.h"
#include "config/JobSettings.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// One job for one run: what the host acts on, and the whole file for the task and its log, with the variables of its
/// instance put in.
struct JobConfig : JobSettings {
    std::string name{};  ///< JOB, or JOB@instance.
    ConfigSource source{};
    std::string title{};
    bool enabled = false;  ///< jobs.enabled lists it: it fires by its schedule.
    std::vector<ConfigFault> faults{};
};

/// `--set KEY=VALUE` of one run, which win over the file. Keys as in the file.
using Overrides = std::map<std::string, std::string>;

/// Reads the file of one job, and that of its instances for JOB@instance; its faults are in the result. The keys of its
/// task are left to the task.
JobConfig readJobConfig(const HostConfig& host, const std::string& name, const Overrides& overrides = {});

}  // namespace carillon
