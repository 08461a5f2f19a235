#pragma once

#include "base/ConfigSource.h"
#include "config/HttpConfig.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
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
    std::string usersFile{};  ///< Who may do what on the page and the REST API; need not exist.
    HttpConfig http{};
    std::string hostName{};
    std::string timezone{};  ///< Of all times that people are shown, and of jobs without one; empty: the system's.
    std::vector<std::string> enabledJobs{};   ///< As listed: job files, JOB@instance, patterns; see JobName.h.
    int workersMax = 4;                       ///< Runs at once, of all jobs.
    std::map<std::string, int> groupMax{};    ///< Runs at once of a group's jobs, by job.group.
    int recycleRuns = 1000;                   ///< A worker process that ran so often is replaced,
    std::uint64_t recycleMemory = 256 << 20;  ///< and one that is larger than so many bytes after a run.
    bool sendsMail = false;                   ///< There is an account for the mail of alerts:
    std::string mailAccountOf{};              ///< that of this job's application; empty: one in alerts.mail.*.
    std::chrono::milliseconds drainTimeout = std::chrono::seconds(30);  ///< For running jobs when the host ends.
    std::chrono::milliseconds activityKeep = std::chrono::days(400);    ///< How long who did what is kept.
    std::optional<std::chrono::milliseconds> historyKeep{};  ///< How long runs are kept; nothing: so many of each job.
    std::optional<std::chrono::milliseconds> ledgerKeep{};   ///< The same of slots; nothing: as the runs.
    std::optional<std::chrono::milliseconds> logsKeep{};     ///< The same of rotated logs; nothing: as each log says.
    std::vector<ConfigFault> warnings{};                     ///< What is right but hardly meant.
};

/// Reads the file at `path`; every fault is appended and the rest is read all the same.
HostConfig readHostConfig(const std::string& path, std::vector<ConfigFault>& faults);

}  // namespace carillon
