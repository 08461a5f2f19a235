#pragma once

#include "platform/HostPipes.h"

namespace carillon {

/// The hidden verb `worker`: serves the host that started this process. Returns the exit code of a wrong usage when
/// there is no such host.
int runWorkerVerb(int argc, const char* const* argv);

/// The child's side: takes one request after the other from the host. For each it loads the plugin, configures the
/// task, calls it once the host has sent the run's identity, and removes what the run left behind. Everything that the
/// task says goes to the host as one JSON object a line. Ends with the host.
[[noreturn]] void serveAsWorker(HostPipes host) noexcept;

}  // namespace carillon
