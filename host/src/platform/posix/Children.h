#pragma once

#include "platform/ExitStatus.h"

#include <sys/types.h>

#include <functional>
#include <mutex>
#include <optional>
#include <set>

namespace carillon {

// Invariant: a child that was launched is waited for by its owner alone, with collectChild(); any other one is waited
// for by reapOrphans(). They tell them apart by a register of the launched ones, which is right at each instant at
// which it is asked: launching and noting are one step under its lock, and so are waiting and forgetting, since from
// then on the number may be that of another child.
struct ChildRegister {
    std::mutex mutex{};
    std::set<pid_t> launched{};
};

/// One for the process, as is the kernel's list of its children.
ChildRegister& childRegister();

/// Has `launch` make a child and notes it. What `launch` throws is passed on.
pid_t launchChild(const std::function<pid_t()>& launch);

/// Waits for a launched child that has ended. Nothing when it has not ended; a success when somebody else has waited
/// for it.
std::optional<ExitStatus> collectChild(pid_t child);

}  // namespace carillon
