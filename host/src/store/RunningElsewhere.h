#pragma once

#include "store/ProcessIdentity.h"
#include "store/RunStore.h"

#include <sys/types.h>

#include <string>

namespace carillon {

/// What can be done about a run that the process that asks does not carry out itself.

enum class StopSent {
    Sent,
    Gone,     ///< That process has ended.
    Unknown,  ///< It is another machine's or container's: nothing can be sent to it from here.
    Refused   ///< It is another user's.
};

/// Asks a `carillon run` or `replay` to end its run, as `carillon stop` does: SIGTERM, queued with the number of the
/// user who wants it. Reaches that very process, and never a later one with its number.
StopSent sendStop(const ProcessIdentity& process, const ProcessIdentity& self, uid_t who);

/// Why no run of the job, or not the one of that id, can be asked to end, as a sentence: who carries it out, or how it
/// ended. `run`: empty: any of the job. `hostPid`: the host's process, which has said that it has none; 0: no host
/// runs. Throws StoreException.
std::string describeUnstoppable(RunStore& store, const std::string& job, const std::string& run, int hostPid);

}  // namespace carillon
