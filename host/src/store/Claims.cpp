#include "store/Claims.h"

#include "store/JobStateTable.h"
#include "store/RunTable.h"
#include "store/SlotTable.h"
#include "store/Sql.h"
#include "words/HostTexts.h"

#include "Poco/Exception.h"

#include <random>
#include <string_view>
#include <utility>

namespace carillon {
namespace {

/// Returns the instant under which the slot is recorded. A further attempt has its row already, which is left alone, as
/// has a slot of the past that is run at last.
TimePoint recordSlot(Poco::Data::Session& session, const ClaimRequest& request, SlotEnding ending, SkipReason reason,
                     const std::string& run, TimePoint now) {
    SlotRow slot{request.job, request.scheduledAt, ending, {reason, {}}, run, request.trigger, {}};
    const bool mayHaveOne = request.attempt > 1 || request.standsFor;
    while (!insertMissingSlot(session, slot, now) && !mayHaveOne) slot.slotAt += std::chrono::microseconds(1);
    return slot.slotAt;
}

std::string freeRunId(Poco::Data::Session& session, std::string id, TimePoint at) {
    while (id.empty() || readRun(session, id)) id = newRunId(at);
    return id;
}

// Invariant: the row changes. The transaction keeps others out, and the fence is the one that was read in it.
void takeOnlyLock(Poco::Data::Session& session, const RunStart& start, const std::string& owner, TimePoint now) {
    if (takeLocks(session, {start}, owner, now) != 1)
        throw Poco::DataException("the lock of " + start.identity.job + " changed hands while it was taken; try again");
}

constexpr std::string_view kRunOfSlot = R"sql(
    SELECT id FROM run
     WHERE job = ? AND started_at >= ? AND scheduled_at = ? AND (outcome IS NULL OR outcome IN (0, 1)) LIMIT 1)sql";

constexpr std::string_view kRetryOfSlot = "SELECT job FROM job_schedule WHERE job = ? AND retry_slot = ?";

/// A run begins with its head start before its slot at most, and so the index by its start serves.
std::optional<SlotHasRun> runOfSlot(Poco::Data::Session& session, const std::string& job, TimePoint slot) {
    const auto runs = select<Poco::Tuple<std::string>>(session, kRunOfSlot, job,
                                                       toMicros(slot - std::chrono::seconds(1)), toMicros(slot));
    if (!runs.empty()) return SlotHasRun{runs.front().get<0>()};
    const bool isTriedAgain = !select<Poco::Tuple<std::string>>(session, kRetryOfSlot, job, toMicros(slot)).empty();
    return isTriedAgain ? std::optional(SlotHasRun{}) : std::nullopt;
}

}  // namespace

ClaimAnswer claimRun(Poco::Data::Session& session, const ClaimRequest& request, TimePoint now) {
    const auto self = ProcessIdentity::ofThisProcess(request.host);
    const auto lock = readLock(session, request.job);
    Claim claim;
    if (request.exclusive && lock && !lock->run.empty()) {
        const auto liveness = livenessOf(lock->owner, self);
        if (liveness == Liveness::Alive || (liveness == Liveness::Unknown && now < lock->leaseUntil)) {
            if (request.recordSkip)
                recordSlot(session, request, SlotEnding::Skipped, SkipReason::Overlap, lock->run, now);
            return lock->holder();
        }
        RunIdentity holder{request.job, lock->run};
        holder.fence = lock->fence;
        claim.abandoned = abandonRun(session, holder, liveness, now);
    }
    // Once nobody else can take it: who else ran that slot has done so, and is seen.
    if (request.standsFor)
        if (auto standing = runOfSlot(session, request.job, request.scheduledAt)) return *std::move(standing);
    RunIdentity& run = claim.identity;
    run = {request.job, freeRunId(session, request.run, now), request.trigger, request.host, request.attempt};
    run.fence = lock ? lock->fence + 1 : 1;
    run.startedAt = now;
    run.scheduledAt = request.recordSlot ? recordSlot(session, request, SlotEnding::Ran, SkipReason::None, run.run, now)
                                         : request.scheduledAt;
    const RunStart start{run, request.exclusive};
    insertRuns(session, {start});
    if (lock)
        takeOnlyLock(session, start, self.toText(), now);
    else
        insertLocks(session, {start}, self.toText(), now);
    return claim;
}

bool finishRun(Poco::Data::Session& session, const RunEnd& end) {
    if (end.exclusive && freeLocks(session, {end.identity}) == 0) return false;
    return endRuns(session, {end}) != 0;
}

std::optional<RunRow> abandonRun(Poco::Data::Session& session, const RunIdentity& run, Liveness process,
                                 TimePoint now) {
    failRun(session, run.run, sayHost(process == Liveness::Gone ? "run.gone" : "run.leaseover").text, now);
    freeLocks(session, {run});
    return readRun(session, run.run);
}

std::string newRunId(TimePoint at) {
    constexpr std::string_view digits = "0123456789abcdef";
    const std::string time = toRfc3339(at);  // 2026-11-22T10:32:23.000Z
    std::string id = time.substr(0, 4) + time.substr(5, 2) + time.substr(8, 2) + '-' + time.substr(11, 2) +
                     time.substr(14, 2) + time.substr(17, 2) + '-';
    // Seeded once: the device itself takes longer than all the rest of a claim.
    thread_local std::mt19937 random(std::random_device{}());
    for (auto bits = random(), i = std::mt19937::result_type{0}; i < 8; ++i, bits >>= 4) id += digits[bits & 15];
    return id;
}

}  // namespace carillon
