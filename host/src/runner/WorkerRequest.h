#pragma once

#include "carillon/ConfigReader.h"
#include "carillon/SyncTask.h"
#include "config/JobConfig.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace carillon {

/// What a task is asked to do.
struct WorkerRequest {
    // Travels as a number: only append.
    enum class Verb { Describe, Configure, Run, Check, Rejects, Replay, Preview, MailAccount };

    Verb verb = Verb::Run;
    std::string library{};  ///< Path of the plugin.
    std::string task{};     ///< Empty for Describe.
    ConfigSource config{};
    RejectQuery query{};
    ReplayRequest replay{};
    std::size_t memory = 0;  ///< Bytes that the task may take beyond what its process has; 0: no limit (job.memory).
};

/// The request that a job's file makes.
WorkerRequest requestFor(const HostConfig& host, const JobConfig& job, WorkerRequest::Verb verb);

}  // namespace carillon
