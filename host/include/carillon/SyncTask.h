#pragma once

#include "carillon/Check.h"
#include "carillon/ConfigReader.h"
#include "carillon/Interface.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"

namespace carillon {

/// One unit of work that a plugin offers. The host creates one object a run in a process made for running plugins,
/// calls configure() once, then one of the other functions once, all on one thread, and destroys the object while
/// the library is loaded. Each function may throw: the host makes a failed report of it and goes on.
/// A task starts no thread that outlives the call and keeps no global state.
/// What else it can do it says by deriving from KeepsRejects, Previews or HasMailAccount too.
class CARILLON_INTERFACE SyncTask {
public:
    virtual ~SyncTask() = default;

    /// Reads the job's `task.*` keys into the task. Only this: no connection, no file but through the reader, since
    /// `carillon validate` calls it for jobs that never run. A key that is not read here is unknown to the task.
    virtual void configure(ConfigReader& config) = 0;

    /// Does the work. Returns Failed, or throws, when work is left that should have been done.
    virtual RunReport run(RunContext& context) = 0;

    /// Looks at everything that run() needs and hands each finding to the sink as it is known. Writes nothing.
    virtual void check(RunContext& context, const CheckSink& sink) = 0;
};

}  // namespace carillon
