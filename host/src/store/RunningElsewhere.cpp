#include "store/RunningElsewhere.h"

#include "schedule/TimeText.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <optional>

namespace carillon {
namespace {

/// As the rest of a sentence that names the run.
Message endOf(const RunRow& run) {
    if (!run.outcome || !run.finishedAt) return sayHost("runend.gone");
    const std::string at = dateTimeText(*run.finishedAt);
    switch (*run.outcome) {
        case Outcome::Succeeded:
            return sayHost("runend.succeeded", {{"at", at}});
        case Outcome::NothingToDo:
            return sayHost("runend.nothing", {{"at", at}});
        case Outcome::Failed:
            return sayHost("runend.failed", {{"at", at}});
        case Outcome::Stopped:
            break;
    }
    return sayHost("runend.stopped", {{"at", at}});
}

Message describeLock(const RunLock& lock, int hostPid) {
    if (hostPid != 0 && lock.owner.pid == hostPid)
        return sayHost("stop.justended", {{"run", lock.run}, {"job", lock.job}});
    return sayHost("stop.elsewhere",
                   {{"run", lock.run}, {"job", lock.job}, {"pid", lock.owner.pid}, {"host", lock.owner.host}});
}

/// Of a run that somebody names.
Message describeEnded(const std::string& job, const std::string& run, const std::optional<RunRow>& last) {
    if (!last) return sayHost("stop.unknown", {{"run", run}, {"job", job}});
    return last->outcome ? sayHost("stop.hasended", {{"run", run}, {"job", job}, {"end", endOf(*last)}})
                         : sayHost("stop.vanished", {{"run", run}, {"job", job}, {"end", endOf(*last)}});
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

Message describeUnstoppable(RunStore& store, const std::string& job, const std::string& run, int hostPid) {
    const auto locks = store.locks();
    const auto lock = std::find_if(locks.begin(), locks.end(), [&](const RunLock& held) {
        return held.job == job && (run.empty() || held.run == run);
    });
    const auto self = ProcessIdentity::ofThisProcess(lock == locks.end() ? "" : lock->owner.host);
    if (lock != locks.end() && livenessOf(lock->owner, self) != Liveness::Gone) return describeLock(*lock, hostPid);
    const auto last = run.empty() ? store.lastRun(job) : store.run(run);
    if (!run.empty()) return describeEnded(job, run, last);
    return last ? sayHost("stop.last", {{"job", job}, {"run", last->id}, {"end", endOf(*last)}})
                : sayHost("stop.never", {{"job", job}});
}

}  // namespace carillon
