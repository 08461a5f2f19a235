#pragma once

#include "carillon/Clock.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"
#include "record/Run.h"
#include "store/ProcessIdentity.h"

#include "Poco/Data/Session.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace carillon {

/// A lock of another host is free when its lease was not renewed for so long.
constexpr std::chrono::seconds kLease{30};

struct ClaimRequest {
    std::string job{};
    std::string run{};  ///< Empty, or in use already: the store makes one.
    Trigger trigger = Trigger::Other;
    std::string host{};
    int attempt = 1;          ///< From 2 on: the same slot once more, which stays one row of the ledger.
    TimePoint scheduledAt{};  ///< Moved on by microseconds while the job has a slot at that instant already.
    bool standsFor =
        false;  ///< For a due time of the past: its row, if it has one, is left alone, and it is not moved.
    bool recordSkip = true;  ///< Whether a refusal goes into the ledger; false for who asks again and again.
    bool recordSlot = true;  ///< Whether the run's slot goes into the ledger; false: the caller sees to it.
    bool exclusive = true;   ///< Takes the job's lock; false: runs beside others, and is told of no holder.
};

/// The lock is taken and the run is recorded as running.
struct Claim {
    RunIdentity identity{};
    std::optional<RunRow> abandoned{};  ///< The run that held the lock and whose process is gone; now failed.
};

/// The due time of the past that a run was to be for has one: it succeeded, goes on, or is tried again.
struct SlotHasRun {
    std::string run{};  ///< Empty: it is to be tried again.
};
using ClaimAnswer = std::variant<Claim, Holder, SlotHasRun>;

/// A lock that is held.
struct RunLock {
    std::string job{};
    std::string run{};
    ProcessIdentity owner{};
};

/// How a run ended.
struct RunEnding {
    Outcome outcome = Outcome::Failed;
    std::string message{};
    std::string report{};  ///< The whole report as JSON.
    TimePoint finishedAt{};
    std::string french{};  ///< What the message says in French, folded(); empty: nothing else than its text.
};

/// A run that begins. Its fence is one above the job's last one, as far as the caller knows.
struct RunStart {
    RunIdentity identity{};
    bool exclusive = true;  ///< Takes the job's lock.
};

/// A run that is over.
struct RunEnd {
    RunIdentity identity{};
    RunEnding ending{};
    bool exclusive = true;
    bool waited = false;  ///< See RunResult::waited.
};

/// The steps of a claim and of its end over the tables job_state, run and slot. Inside a transaction of the caller, who
/// passes on what the database throws.

/// Takes the job's lock if it is free or its holder is gone: a process of this host that no longer exists, or another
/// host whose lease is over. A living process of this host keeps it however old its lease.
ClaimAnswer claimRun(Poco::Data::Session& session, const ClaimRequest& request, TimePoint now);

/// Records the end and frees the lock. False: the lock is no longer that run's, and the caller rolls back.
bool finishRun(Poco::Data::Session& session, const RunEnd& end);

/// Ends, as failed, a run whose process did not record its end, and frees the lock that it may hold. By its job, id and
/// fence. Returns its row.
std::optional<RunRow> abandonRun(Poco::Data::Session& session, const RunIdentity& run, Liveness process, TimePoint now);

/// `20261122-103223-1a2b3c4d`: UTC and eight random digits.
std::string newRunId(TimePoint at);

}  // namespace carillon
