#pragma once

namespace carillon {

/// Whether the worker also looks after the host itself and ends when the host is gone, whatever its task does. One that
/// was forked by a host of one thread has the kernel do that.
enum class HostWatch { None, Thread };

/// The child's side of a worker process: takes one request after the other from the host. For each it loads the
/// plugin, configures the task, calls it once the host has sent the run's identity, and removes what the run left
/// behind. Everything that the task says goes to the host as one JSON object a line. Ends with the host.
[[noreturn]] void serveAsWorker(int fromHost, int toHost, HostWatch watch) noexcept;

}  // namespace carillon
