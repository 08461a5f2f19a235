#pragma once

#include "carillon/Message.h"
#include "platform/ProcessFacts.h"
#include "store/ProcessIdentity.h"
#include "store/RunStore.h"

#include <string>

namespace carillon {

/// What can be done about a run that the process that asks does not carry out itself.

/// Asks a `carillon run` or `replay` to end its run, as `carillon stop` does: it learns who wants it. Reaches that very
/// process, and never a later one with its number.
StopSent sendStop(const ProcessIdentity& process, const ProcessIdentity& self, const User& who);

/// Why no run of the job, or not the one of that id, can be asked to end, as a sentence: who carries it out, or how it
/// ended. `run`: empty: any of the job. `hostPid`: the host's process, which has said that it has none; 0: no host
/// runs. Throws StoreException.
Message describeUnstoppable(RunStore& store, const std::string& job, const std::string& run, int hostPid);

}  // namespace carillon
