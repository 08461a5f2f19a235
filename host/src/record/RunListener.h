#pragma once

#include "carillon/Clock.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"
#include "record/Pause.h"
#include "record/Run.h"
#include "record/TaskMessage.h"

#include <string>
#include <vector>

namespace carillon {

/// Learns what happens in a host, which knows nothing of what becomes of it: metrics, alerts, a page. It returns at
/// once and throws nothing.
class RunListener {
public:
    virtual ~RunListener() = default;

    // On the scheduler's thread.

    /// It is claimed and in the store; its task is called at its startedAt, or as soon as a seat is free.
    virtual void runClaimed(const RunIdentity&) {}
    /// It is over. Its row in the store is written a moment later, or when the store works again. Runs that a host
    /// which is gone had left come without a start, before the scheduler's run() is called.
    virtual void runEnded(const RunIdentity&, const RunReport&, TimePoint /*finishedAt*/) {}
    /// The job's failed slot, which had further attempts, gets none: it is paused, or somebody cancelled them.
    virtual void retriesEnded(const std::string& /*job*/) {}
    /// A due time has its row in the ledger: one that becomes a run as that begins.
    virtual void slotEnded(const SlotRow&) {}
    /// Its time is over, and that is in the store: the job fires again.
    virtual void pauseEnded(const std::string& /*job*/, const Pause&) {}
    /// The store fails, and nothing begins; it works again.
    virtual void storeFailed(const std::string& /*problem*/, TimePoint /*since*/) {}
    virtual void storeRecovered(TimePoint /*at*/) {}
    /// A run in progress has lost its job's lock, and is to stop. `how`: what it did, such as `lost the job's lock to
    /// …`.
    virtual void lockLost(const RunIdentity&, const Message& /*how*/) {}

    // On the threads that run the tasks, at once on several.

    /// Its task is called now, which is its startedAt.
    virtual void runStarted(const RunIdentity&) {}
    /// A line that the job's log takes. `run`: empty before it has begun.
    virtual void runLogged(const std::string& /*job*/, const std::string& /*run*/, const LogMessage&) {}
    virtual void runProgressed(const std::string& /*job*/, const std::string& /*run*/, const Progress&) {}
};

/// Borrowed.
using RunListeners = std::vector<RunListener*>;

}  // namespace carillon
