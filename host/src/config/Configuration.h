#pragma once

#include "config/HostConfig.h"
#include "config/JobFile.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// The whole configuration: what a running host keeps and swaps at a reload. Copies share the files. Faults of the
/// host's file and of the folder of jobs are in `faults`; those of a job are in its file, so that one bad job leaves
/// the others alone.
struct Configuration {
    HostConfig host{};
    std::vector<std::shared_ptr<const JobFile>> files{};  ///< By name.
    std::vector<ConfigFault> faults{};

    std::size_t jobCount() const;
    /// JOB or JOB@instance; none for a JOB that has instances.
    std::optional<JobRef> find(std::string_view jobName) const;
    std::shared_ptr<const JobFile> findFile(std::string_view fileName) const;
    /// All jobs that a JobPattern means, by file and name; `*` means all there are.
    std::vector<JobRef> match(const std::string& pattern) const;
    /// Why it means none, for whoever typed it: with the nearest name there is.
    Message describeNone(const std::string& pattern) const;
    /// Of the host and of each file.
    std::vector<ConfigFault> allFaults() const;
    /// The same of warnings: nothing is refused for them, and who starts or checks a configuration tells them.
    std::vector<ConfigFault> allWarnings() const;
};

/// The file to use: `given` (--config), $CARILLON_CONFIG, ./carillon.properties, /etc/carillon/carillon.properties; the
/// first that is named or exists. What lies in the folder where somebody happens to be is used only when it is trusted
/// (FileRights.h): when the installed one is used instead, `onRefused` is told so in a sentence. Throws
/// Poco::FileNotFoundException with a sentence (sayException) when there is none, or none but a refused one.
std::string locateConfiguration(const std::string& given, const std::function<void(const Message&)>& onRefused);

/// Names of all job files, sorted. Bad names and instances without a job file are faults.
std::vector<std::string> listJobs(const HostConfig& host, std::vector<ConfigFault>& faults);

/// Reads everything. What jobs.enabled lists and does not exist is a fault.
Configuration readConfiguration(const std::string& path);
/// The same for a host that was read already.
Configuration readConfiguration(HostConfig host);

}  // namespace carillon
