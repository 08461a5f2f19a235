#pragma once

#include "cli/Cli.h"
#include "runner/JobRunner.h"

namespace carillon {

struct RunOutput {
    bool json = false;
    bool strict = false;   ///< Warnings make it fail.
    bool verbose = false;  ///< Log lines on stderr.
};

/// Runs, shows progress, prints the report; Ctrl-C asks the run to stop, a second one ends it.
ExitCode runAndReport(const RunOrder& order, const RunOutput& output);

}  // namespace carillon
