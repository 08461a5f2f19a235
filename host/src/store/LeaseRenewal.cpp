#include "store/LeaseRenewal.h"

#include "store/Sql.h"

#include <string_view>

namespace carillon {
namespace {

constexpr std::string_view kRenew = "UPDATE job_state SET lease_until = ? WHERE job = ? AND fence = ? AND run = ?";

// Not when the fence has grown: somebody else has held the lock since.
constexpr std::string_view kRetake = R"sql(
    UPDATE job_state SET fence = ?, run = ?, owner = ?, lease_until = ?
     WHERE job = ? AND run IS NULL AND fence <= ?)sql";

constexpr std::string_view kInsertLock = R"sql(
    INSERT INTO job_state (job, fence, run, owner, lease_until) VALUES (?, ?, ?, ?, ?))sql";

constexpr std::string_view kSelectHolder = R"sql(
    SELECT COALESCE(s.run, ''), COALESCE(s.owner, ''), COALESCE(r.started_at, 0)
      FROM job_state s LEFT JOIN run r ON r.id = s.run
     WHERE s.job = ?)sql";

using Poco::Int64;
using HolderTuple = Poco::Tuple<std::string, std::string, Int64>;

std::optional<Holder> holderOf(const HolderTuple& row) {
    if (row.get<0>().empty()) return std::nullopt;
    const auto owner = ProcessIdentity::parse(row.get<1>()).value_or(ProcessIdentity{});
    return Holder{row.get<0>(), owner.host, owner.pid, fromMicros(row.get<2>())};
}

/// One of many, or none at all, was not as it was left: few of them, and seldom.
void lookInto(Poco::Data::Session& session, const RunIdentity& run, const std::string& owner, Int64 until,
              LeaseFindings& findings) {
    const Int64 fence = run.fence;
    if (execute(session, kRenew, until, run.job, fence, run.run) == 1) return;
    const auto rows = select<HolderTuple>(session, kSelectHolder, run.job);
    if (rows.empty()) {
        execute(session, kInsertLock, run.job, fence, run.run, owner, until);
        findings.restored.push_back(run);
    } else if (execute(session, kRetake, fence, run.run, owner, until, run.job, fence) == 1) {
        findings.restored.push_back(run);
    } else {
        findings.lost.push_back({run, holderOf(rows.front())});
    }
}

}  // namespace

LeaseFindings renewLeases(Poco::Data::Session& session, const std::vector<RunIdentity>& runs, const std::string& owner,
                          TimePoint now) {
    const Int64 until = toMicros(now + kLease);
    std::vector<Int64> leases(runs.size(), until);
    std::vector<std::string> jobs;
    std::vector<Int64> fences;
    std::vector<std::string> names;
    for (const auto& run : runs) {
        jobs.push_back(run.job);
        fences.push_back(run.fence);
        names.push_back(run.run);
    }
    const Int64 before = countChanges(session);
    executeRows(session, kRenew, leases, jobs, fences, names);
    LeaseFindings findings;
    if (countChanges(session) - before == static_cast<Int64>(runs.size())) return findings;
    for (const auto& run : runs) lookInto(session, run, owner, until, findings);
    return findings;
}

}  // namespace carillon
