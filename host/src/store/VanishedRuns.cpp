#include "store/VanishedRuns.h"

#include "store/Claims.h"
#include "store/JobStateTable.h"
#include "words/HostTexts.h"

namespace carillon {

void tellVanished(Poco::Data::Session& session, std::vector<RunRow>& runs, TimePoint now) {
    for (auto& run : runs) {
        if (run.outcome) continue;
        // One that runs beside others holds no lock: nothing is known of its process.
        const auto lock = readLock(session, run.job);
        if (!lock || lock->run != run.id) continue;
        const auto self = ProcessIdentity::ofThisProcess(lock->owner.host);
        const auto liveness = livenessOf(lock->owner, self);
        // Of another boot, or another machine of that name, only the lease tells.
        const bool isGone = liveness == Liveness::Gone && (lock->owner.boot == self.boot || lock->leaseUntil < now);
        const bool isOver = liveness == Liveness::Unknown && lock->leaseUntil < now;
        if (!isGone && !isOver) continue;
        run.outcome = Outcome::Failed;
        run.message = sayHost(isGone ? "run.gone" : "run.leaseover").text;
    }
}

}  // namespace carillon
