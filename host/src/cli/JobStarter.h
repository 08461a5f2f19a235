#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace carillon {

/// What has the system itself start a job, without a host.
struct JobStarter {
    std::string file{};  ///< The name of a file, to be written beside the configuration.
    std::string text{};
    std::string program{};  ///< How to call this one in a prompt.
    std::string next{};     ///< What to do with it, as lines for the end of `carillon init`.
};

/// Nothing where people write that file by themselves, as a line of cron. `configuration`: the host's file, absolute.
std::optional<JobStarter> starterOf(const std::string& job, const std::filesystem::path& configuration);

}  // namespace carillon
