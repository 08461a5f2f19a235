#include "store/RunningElsewhere.h"

#include "schedule/TimeText.h"

#include <algorithm>
#include <optional>

namespace carillon {
namespace {

std::string endOf(const RunRow& run) {
    if (!run.outcome) return "has ended without a report: its process is gone";
    const std::string outcome =
        *run.outcome == Outcome::NothingToDo ? "had nothing to do" : std::string(outcomeName(*run.outcome));
    return outcome + " at " + dateTimeText(run.finishedAt.value_or(run.startedAt));
}

std::string describeLock(const RunLock& lock, int hostPid) {
    const std::string who = "run " + lock.run + " of " + lock.job;
    if (hostPid != 0 && lock.owner.pid == hostPid) return who + " has just ended";
    return who + " is carried out by process " + std::to_string(lock.owner.pid) + " of host " + lock.owner.host +
           "; 'carillon stop " + lock.run + "' where that runs has it end";
}

}  // namespace

StopSent sendStop(const ProcessIdentity& process, const ProcessIdentity& self, const User& who) {
    // Once it is held, its number is no other process's, whenever it ends.
    const ProcessHold held(process.pid);
    const Liveness liveness = livenessOf(process, self);
    // Whatever else has the number now would be ended.
    if (process.start == 0 || liveness == Liveness::Unknown) return StopSent::Unknown;
    return liveness == Liveness::Alive ? held.askToStop(who) : StopSent::Gone;
}

std::string describeUnstoppable(RunStore& store, const std::string& job, const std::string& run, int hostPid) {
    const auto locks = store.locks();
    const auto lock = std::find_if(locks.begin(), locks.end(), [&](const RunLock& held) {
        return held.job == job && (run.empty() || held.run == run);
    });
    const auto self = ProcessIdentity::ofThisProcess(lock == locks.end() ? "" : lock->owner.host);
    if (lock != locks.end() && livenessOf(lock->owner, self) != Liveness::Gone) return describeLock(*lock, hostPid);
    const auto last = run.empty() ? store.lastRun(job) : store.run(run);
    if (!run.empty())
        return "run " + run + " of " + job + (last && last->outcome ? " has ended already: it " : " ") +
               (last ? endOf(*last) : "is not in the history");
    return job + " has no run in progress" +
           (last ? "; its last one, " + last->id + ", " + endOf(*last) : ", and never had one");
}

}  // namespace carillon
