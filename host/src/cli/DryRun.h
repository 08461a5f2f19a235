#pragma once

#include "cli/RunVerb.h"

namespace carillon {

/// Shows what a run would do now, item by item, and writes nothing but lines of the job's log.
ExitCode dryRun(const HostConfig& host, const JobConfig& job, const RunOutput& output);

}  // namespace carillon
