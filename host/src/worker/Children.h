#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>

namespace carillon {

// Who waits for which child. A process may have two kinds: those that it launched, and orphans, which the kernel gives
// to process 1 of a container and to a subreaper when their own parent is gone.
//
// Invariant: a child that was launched is waited for by its owner alone, with collectChild(); any other one is waited
// for by reapOrphans(). They tell them apart by a register of the launched ones, which is right at each instant at
// which it is asked: launching and noting are one step under its lock, and so are waiting and forgetting, since from
// then on the number may be that of another child.

/// Has `launch` make a child and notes it. What `launch` throws is passed on.
pid_t launchChild(const std::function<pid_t()>& launch);

/// Waits for a launched child that has ended: its status as of waitpid(). Nothing when it has not ended; 0 when
/// somebody else has waited for it.
std::optional<int> collectChild(pid_t child);

/// Whether orphans are given to this process.
bool adoptsOrphans();

/// Waits for the orphans that have ended. To be called on the first thread of the process, whose children orphans
/// become; the children of a task that runs in a thread are that thread's, and are left alone. False: a launched child
/// that its owner has not collected yet stands before others, so that another look is due soon.
bool reapOrphans();

/// Of a status that waitpid() gave: `crashed with SIGSEGV (Segmentation fault)` or `ended the process with exit code
/// 3`.
std::string describeExit(int status);

}  // namespace carillon
