#pragma once

#include "carillon/ConfigReader.h"
#include "config/HostConfig.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// One file jobs/JOB.properties: what the host acts on, and the whole file for the task and its log.
struct JobConfig {
    std::string name{};
    ConfigSource source{};
    std::string plugin{};  ///< The library: Passerelle for libPasserelle.so.
    std::string task{};    ///< The class in it.
    std::string title{};
    std::string schedule{};  ///< As written; empty: fires only when asked to.
    std::string timezone{};
    std::chrono::milliseconds timeout{0};  ///< 0: none.
    bool enabled = false;
    std::vector<ConfigFault> faults{};
};

/// `--set KEY=VALUE` of one run, which win over the file. Keys as in the file.
using Overrides = std::map<std::string, std::string>;

/// Reads the file of one job; its faults are in the result. The keys of its task are left to the task.
JobConfig readJobConfig(const HostConfig& host, const std::string& name, const Overrides& overrides = {});

/// Whether job.timezone names no zone. Apart from readJobConfig(), since a run does not need the zone.
std::optional<ConfigFault> findTimezoneFault(const JobConfig& job);

}  // namespace carillon
