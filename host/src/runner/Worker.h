#pragma once

#include "carillon/ConfigReader.h"
#include "carillon/SyncTask.h"

#include <cstdint>
#include <string>
#include <vector>

namespace carillon {

/// What a worker process is asked to do with one plugin.
struct WorkerRequest {
    enum class Verb { Describe, Configure, Run, Check, Rejects, Replay };

    Verb verb = Verb::Run;
    std::string library{};  ///< Path of the plugin.
    std::string task{};     ///< Empty for Describe.
    ConfigSource config{};
    RejectQuery query{};
    std::vector<std::int64_t> ids{};
};

/// The child's side of a worker process: loads the plugin, configures the task, and, once the host has sent the run's
/// identity, calls it. Everything that the task says goes to the host as one JSON object a line. Never returns.
[[noreturn]] void serveAsWorker(const WorkerRequest& request, int fromHost, int toHost) noexcept;

}  // namespace carillon
