#include "store/JobStateTable.h"

#include "store/Sql.h"

#include <string_view>
#include <utility>

namespace carillon {
namespace {

constexpr std::string_view kSelectLock = R"sql(
    SELECT s.fence, COALESCE(s.run, ''), COALESCE(s.owner, ''), COALESCE(s.lease_until, 0), COALESCE(r.started_at, 0)
      FROM job_state s LEFT JOIN run r ON r.id = s.run
     WHERE s.job = ?)sql";

constexpr std::string_view kSelectLocks = "SELECT job, run, owner FROM job_state WHERE run IS NOT NULL ORDER BY job";

constexpr std::string_view kSelectFences = "SELECT job, fence FROM job_state WHERE job > ? ORDER BY job LIMIT ?";

constexpr std::string_view kInsertLock = R"sql(
    INSERT INTO job_state (job, fence, run, owner, lease_until) VALUES (?, ?, ?, ?, ?))sql";

constexpr std::string_view kTakeLock = R"sql(
    UPDATE job_state SET fence = ?, run = ?, owner = ?, lease_until = ?
     WHERE job = ? AND fence = ? AND run IS NULL)sql";

constexpr std::string_view kRaiseFence = "UPDATE job_state SET fence = ? WHERE job = ? AND fence = ?";

constexpr std::string_view kFreeLock = R"sql(
    UPDATE job_state SET run = NULL, owner = NULL, lease_until = NULL
     WHERE job = ? AND fence = ? AND run = ?)sql";

constexpr std::string_view kRenewLock = "UPDATE job_state SET lease_until = ? WHERE job = ? AND fence = ? AND run = ?";

using Poco::Int64;
using LockTuple = Poco::Tuple<Int64, std::string, std::string, Int64, Int64>;
using HeldTuple = Poco::Tuple<std::string, std::string, std::string>;
using FenceTuple = Poco::Tuple<std::string, Int64>;

std::string jobOf(const RunIdentity& run) {
    return run.job;
}
std::string runOf(const RunIdentity& run) {
    return run.run;
}
Int64 fenceOf(const RunIdentity& run) {
    return run.fence;
}
std::vector<RunIdentity> runsOf(const std::vector<RunStart>& starts, bool exclusive) {
    std::vector<RunIdentity> runs;
    for (const auto& start : starts)
        if (start.exclusive == exclusive) runs.push_back(start.identity);
    return runs;
}

/// A lock that is free, or whose row is gone with the file that it was in, and that nobody has held since. False: it
/// was taken.
bool retake(Poco::Data::Session& session, const RunStart& run, const std::optional<JobLock>& lock,
            const std::string& owner, TimePoint now) {
    if (!lock) {
        insertLocks(session, {run}, owner, now);
        return true;
    }
    if (!lock->run.empty() || lock->fence > run.identity.fence) return false;
    const Int64 fence = run.identity.fence;
    return execute(session, kTakeLock, fence, run.identity.run, owner, toMicros(now + kLease), run.identity.job,
                   Int64{lock->fence}) == 1;
}

}  // namespace

std::optional<JobLock> readLock(Poco::Data::Session& session, const std::string& job) {
    const auto rows = select<LockTuple>(session, kSelectLock, job);
    if (rows.empty()) return std::nullopt;
    const auto& row = rows.front();
    return JobLock{row.get<0>(), row.get<1>(), ProcessIdentity::parse(row.get<2>()).value_or(ProcessIdentity{}),
                   fromMicros(row.get<3>()), fromMicros(row.get<4>())};
}

std::vector<RunLock> readLocks(Poco::Data::Session& session) {
    std::vector<RunLock> locks;
    for (const auto& row : select<HeldTuple>(session, kSelectLocks))
        if (auto owner = ProcessIdentity::parse(row.get<2>()))
            locks.push_back({row.get<0>(), row.get<1>(), std::move(*owner)});
    return locks;
}

std::vector<JobFence> readFences(Poco::Data::Session& session, const std::string& after, int limit) {
    return column(select<FenceTuple>(session, kSelectFences, after, limit), [](const auto& row) {
        return JobFence{row.template get<0>(), row.template get<1>()};
    });
}

void insertLocks(Poco::Data::Session& session, const std::vector<RunStart>& starts, const std::string& owner,
                 TimePoint now) {
    const auto ifLocking = [](const RunStart& start, const auto& value) {
        return start.exclusive ? Poco::Nullable(value) : Poco::Nullable<std::decay_t<decltype(value)>>();
    };
    executeRows(session, kInsertLock, column(starts, [](const auto& start) { return jobOf(start.identity); }),
                column(starts, [](const auto& start) { return fenceOf(start.identity); }),
                column(starts, [&](const auto& start) { return ifLocking(start, runOf(start.identity)); }),
                column(starts, [&](const auto& start) { return ifLocking(start, owner); }),
                column(starts, [&](const auto& start) { return ifLocking(start, toMicros(now + kLease)); }));
}

std::size_t takeLocks(Poco::Data::Session& session, const std::vector<RunStart>& starts, const std::string& owner,
                      TimePoint now) {
    const auto before = [](const RunIdentity& run) { return fenceOf(run) - 1; };
    const auto alone = runsOf(starts, true);
    const auto taken = executeRows(
        session, kTakeLock, column(alone, fenceOf), column(alone, runOf), std::vector<std::string>(alone.size(), owner),
        std::vector<Int64>(alone.size(), toMicros(now + kLease)), column(alone, jobOf), column(alone, before));
    const auto beside = runsOf(starts, false);
    return taken +
           executeRows(session, kRaiseFence, column(beside, fenceOf), column(beside, jobOf), column(beside, before));
}

std::size_t freeLocks(Poco::Data::Session& session, const std::vector<RunIdentity>& runs) {
    return executeRows(session, kFreeLock, column(runs, jobOf), column(runs, fenceOf), column(runs, runOf));
}

std::size_t renewLocks(Poco::Data::Session& session, const std::vector<RunIdentity>& runs, TimePoint now) {
    return executeRows(session, kRenewLock, std::vector<Int64>(runs.size(), toMicros(now + kLease)),
                       column(runs, jobOf), column(runs, fenceOf), column(runs, runOf));
}

LeaseFindings renewLeases(Poco::Data::Session& session, const std::vector<RunIdentity>& runs, const std::string& owner,
                          TimePoint now) {
    const Int64 before = countChanges(session);
    renewLocks(session, runs, now);
    LeaseFindings findings;
    if (countChanges(session) - before == static_cast<Int64>(runs.size())) return findings;
    // One of many, or none at all, was not as it was left: few of them, and seldom.
    for (const auto& run : runs) {
        if (renewLocks(session, {run}, now) == 1) continue;
        const auto lock = readLock(session, run.job);
        if (retake(session, {run, true}, lock, owner, now))
            findings.restored.push_back(run);
        else
            findings.lost.push_back({run, lock->run.empty() ? std::nullopt : std::optional(lock->holder())});
    }
    return findings;
}

}  // namespace carillon
