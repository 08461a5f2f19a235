#pragma once

#include "carillon/Clock.h"
#include "carillon/RunContext.h"
#include "store/Claims.h"
#include "store/ProcessIdentity.h"

#include "Poco/Data/Session.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// The table job_state: the fence and the lock of each job, one row a job that has ever run. Nobody else writes it. All
/// inside a transaction of the caller, who passes on what the database throws; for one run or many in one go, where the
/// count that is returned is that of one.
/// Invariants: a fence only grows, by one with each run that begins. A lock is taken only while it is free, by the run
/// whose fence the row gets with it; who writes by another fence or run has lost it, and changes nothing.

/// How a job's lock stands.
struct JobLock {
    std::int64_t fence = 0;  ///< Of the job's last run.
    std::string run{};       ///< Empty: the lock is free.
    ProcessIdentity owner{};
    TimePoint leaseUntil{};
    TimePoint since{};  ///< When that run began.

    Holder holder() const { return {run, owner.host, owner.pid, since}; }
};

/// Nothing: the job has never run.
std::optional<JobLock> readLock(Poco::Data::Session& session, const std::string& job);
/// All that are held, by job. One whose owner cannot be read is left out.
std::vector<RunLock> readLocks(Poco::Data::Session& session);

struct JobFence {
    std::string job{};
    std::int64_t fence = 0;
};
/// In the order of the names, of those behind `after`.
std::vector<JobFence> readFences(Poco::Data::Session& session, const std::string& after, int limit);

/// Makes the rows of jobs that have never run.
void insertLocks(Poco::Data::Session& session, const std::vector<RunStart>& starts, const std::string& owner,
                 TimePoint now);
/// Raises the fences of jobs by one, and takes the locks of those that run alone. Not of one whose fence is another, or
/// whose lock is held.
std::size_t takeLocks(Poco::Data::Session& session, const std::vector<RunStart>& starts, const std::string& owner,
                      TimePoint now);
std::size_t freeLocks(Poco::Data::Session& session, const std::vector<RunIdentity>& runs);
std::size_t renewLocks(Poco::Data::Session& session, const std::vector<RunIdentity>& runs, TimePoint now);

/// A run whose lock is another's by now. Whoever holds it may do the same work.
struct LostLock {
    RunIdentity run{};
    std::optional<Holder> holder{};  ///< Nothing: it was taken and freed again.
};

/// What a renewal found that was not as it was left.
struct LeaseFindings {
    std::vector<LostLock> lost{};
    std::vector<RunIdentity> restored{};  ///< The lock was free, and nobody had held it since: it is theirs again.
};

/// Of runs that hold a lock each.
LeaseFindings renewLeases(Poco::Data::Session& session, const std::vector<RunIdentity>& runs, const std::string& owner,
                          TimePoint now);

}  // namespace carillon
