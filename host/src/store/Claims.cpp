#include "store/Claims.h"

#include "store/RunStatements.h"
#include "store/Sql.h"

#include "Poco/Exception.h"

#include <random>
#include <string_view>
#include <utility>

namespace carillon {
namespace {

constexpr std::string_view kSelectState = R"sql(
    SELECT s.fence, s.run, s.owner, s.lease_until, COALESCE(r.started_at, 0)
      FROM job_state s LEFT JOIN run r ON r.id = s.run
     WHERE s.job = ?)sql";

constexpr std::string_view kSelectLocks = "SELECT job, run, owner FROM job_state WHERE run IS NOT NULL ORDER BY job";

constexpr std::string_view kInsertState = "INSERT INTO job_state (job, fence) VALUES (?, 0)";

constexpr std::string_view kTakeLock = R"sql(
    UPDATE job_state SET fence = fence + 1, run = ?, owner = ?, lease_until = ?
     WHERE job = ? AND fence = ?)sql";

constexpr std::string_view kRaiseFence = "UPDATE job_state SET fence = fence + 1 WHERE job = ? AND fence = ?";

constexpr std::string_view kAbandonRun = R"sql(
    UPDATE run SET finished_at = ?, outcome = ?, message = ?
     WHERE id = ? AND outcome IS NULL)sql";

constexpr std::string_view kSelectOldestKept = R"sql(
    SELECT started_at, scheduled_at FROM run
     WHERE job = ? ORDER BY started_at DESC LIMIT 1 OFFSET ?)sql";

constexpr std::string_view kDeleteRunsBefore = R"sql(
    DELETE FROM run WHERE job = ? AND started_at < ? AND outcome IS NOT NULL)sql";

constexpr std::string_view kDeleteSlotsBefore = R"sql(
    DELETE FROM slot WHERE job = ? AND slot_at < ?)sql";

constexpr const char* kProcessGone = "ended without a report: its process is gone";
constexpr const char* kLeaseOver = "ended without a report: its host did not renew the lease";

using Poco::Int64;
using NullableText = Poco::Nullable<std::string>;
using StateTuple = Poco::Tuple<Int64, NullableText, NullableText, Poco::Nullable<Int64>, Int64>;
using LockTuple = Poco::Tuple<std::string, std::string, std::string>;
using OldestKeptTuple = Poco::Tuple<Int64, Int64>;

struct JobState {
    Int64 fence = 0;
    std::string run{};  ///< Empty: the lock is free.
    ProcessIdentity owner{};
    TimePoint leaseUntil{};
    TimePoint since{};
};

JobState readState(Poco::Data::Session& session, const std::string& job) {
    const auto rows = select<StateTuple>(session, kSelectState, job);
    if (rows.empty()) {
        execute(session, kInsertState, job);
        return {};
    }
    const auto& row = rows.front();
    JobState state;
    state.fence = row.get<0>();
    if (row.get<1>().isNull()) return state;
    state.run = row.get<1>().value();
    state.owner = ProcessIdentity::parse(row.get<2>().value("")).value_or(ProcessIdentity{});
    state.leaseUntil = fromMicros(row.get<3>().value(0));
    state.since = fromMicros(row.get<4>());
    return state;
}

/// Returns the instant under which the slot is recorded. A further attempt has its row already, which is left alone.
TimePoint recordSlot(Poco::Data::Session& session, const ClaimRequest& request, SlotEnding ending,
                     const std::string& reason, const std::string& run, TimePoint now) {
    for (TimePoint at = request.scheduledAt;; at += std::chrono::microseconds(1)) {
        const auto inserted =
            execute(session, kInsertMissingSlot, request.job, toMicros(at), std::string(nameOf(ending)), reason, run,
                    request.trigger, toMicros(now), request.job, toMicros(at));
        if (inserted != 0 || request.attempt > 1) return at;
    }
}

std::string freeRunId(Poco::Data::Session& session, std::string id, TimePoint at) {
    while (id.empty() || readRun(session, id)) id = newRunId(at);
    return id;
}

/// The end of a run whose process did not record it.
std::optional<RunRow> abandon(Poco::Data::Session& session, const std::string& run, Liveness liveness, TimePoint now) {
    const std::string message = liveness == Liveness::Gone ? kProcessGone : kLeaseOver;
    execute(session, kAbandonRun, toMicros(now), static_cast<int>(Outcome::Failed), message, run);
    return readRun(session, run);
}

}  // namespace

std::variant<Claim, Holder> claimRun(Poco::Data::Session& session, const ClaimRequest& request, TimePoint now) {
    const auto self = ProcessIdentity::ofThisProcess(request.host);
    const JobState state = readState(session, request.job);
    Claim claim;
    if (request.exclusive && !state.run.empty()) {
        const auto liveness = livenessOf(state.owner, self);
        if (liveness == Liveness::Alive || (liveness == Liveness::Unknown && now < state.leaseUntil)) {
            if (request.recordSkip) recordSlot(session, request, SlotEnding::Skipped, "overlap", state.run, now);
            return Holder{state.run, state.owner.host, state.owner.pid, state.since};
        }
        claim.abandoned = abandon(session, state.run, liveness, now);
    }
    RunIdentity& run = claim.identity;
    run = {request.job, freeRunId(session, request.run, now), request.trigger, request.host, request.attempt};
    run.fence = state.fence + 1;
    run.startedAt = now;
    run.scheduledAt =
        request.recordSlot ? recordSlot(session, request, SlotEnding::Ran, "", run.run, now) : request.scheduledAt;
    execute(session, kInsertRun, run.run, run.job, run.trigger, run.attempt, run.host, Int64{run.fence},
            toMicros(run.scheduledAt), toMicros(now));
    // Invariant: one row. The transaction keeps others out, and the fence is the one that was read in it.
    const auto taken = request.exclusive ? execute(session, kTakeLock, run.run, self.toText(), toMicros(now + kLease),
                                                   run.job, state.fence)
                                         : execute(session, kRaiseFence, run.job, state.fence);
    if (taken != 1)
        throw Poco::DataException("the lock of " + run.job + " changed hands while it was taken; try again");
    return claim;
}

std::vector<RunLock> readLocks(Poco::Data::Session& session) {
    std::vector<RunLock> locks;
    for (const auto& row : select<LockTuple>(session, kSelectLocks))
        if (auto owner = ProcessIdentity::parse(row.get<2>()))
            locks.push_back({row.get<0>(), row.get<1>(), std::move(*owner)});
    return locks;
}

bool finishRun(Poco::Data::Session& session, const RunIdentity& identity, const RunEnding& ending, bool exclusive) {
    const Int64 fence = identity.fence;
    if (exclusive && execute(session, kFreeLock, identity.job, fence, identity.run) == 0) return false;
    return execute(session, kFinishRun, toMicros(ending.finishedAt), static_cast<int>(ending.outcome), ending.message,
                   ending.report, identity.run, fence) != 0;
}

void abandonRun(Poco::Data::Session& session, const std::string& job, const std::string& run, std::int64_t fence,
                TimePoint now) {
    abandon(session, run, Liveness::Gone, now);
    execute(session, kFreeLock, job, Int64{fence}, run);
}

void trimHistory(Poco::Data::Session& session, const std::string& job, std::int64_t kept) {
    const auto oldest = select<OldestKeptTuple>(session, kSelectOldestKept, job, Int64{kept - 1});
    if (oldest.empty()) return;
    execute(session, kDeleteRunsBefore, job, Int64{oldest.front().get<0>()});
    execute(session, kDeleteSlotsBefore, job, Int64{oldest.front().get<1>()});
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
