#pragma once

#include <sys/types.h>

#include <string>

namespace carillon {

/// How a worker process comes to be.
enum class Launch {
    Fork,  ///< A copy of this process, which must have one thread: fast, for a command that runs one job.
    Spawn  ///< The program anew with its hidden verb `worker`, for a host with threads.
};

/// This process's own executable, also when the file has been replaced since.
inline const std::string kThisProgram = "/proc/self/exe";

/// A child and this side's ends of its pipes; -1 where there is none. Plain data: the owner closes, and collects by
/// collectChild().
struct ChildProcess {
    pid_t pid = -1;
    int commands = -1;
    int messages = -1;
    int output = -1;   // its stdout and stderr
    int process = -1;  // becomes readable when the process ends; -1 on an old kernel
};

/// Starts a worker in a process group of its own, with an empty stdin and nothing of this process's descriptors. All
/// ends on this side are non-blocking. Throws Poco::SystemException when the system refuses.
ChildProcess launchWorker(Launch launch, const std::string& program = kThisProgram);

/// The hidden verb `worker`, without arguments: serves the host that started this process. Returns the exit code of a
/// wrong usage when there is no such host.
int runWorkerVerb();

void closeDescriptor(int& descriptor);

/// Whether the worker also looks after the host itself and ends when the host is gone, whatever its task does. One that
/// was forked by a host of one thread has the kernel do that.
enum class HostWatch { None, Thread };

/// The child's side (Worker.cpp): takes one request after the other from the host. For each it loads the plugin,
/// configures the task, calls it once the host has sent the run's identity, and removes what the run left behind.
/// Everything that the task says goes to the host as one JSON object a line. Ends with the host.
[[noreturn]] void serveAsWorker(int fromHost, int toHost, HostWatch watch) noexcept;

}  // namespace carillon
