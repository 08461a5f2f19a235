#pragma once

#include "carillon/Clock.h"
#include "record/Run.h"
#include "store/Claims.h"
#include "store/RowSearch.h"

#include "Poco/Data/Session.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// A page of the history, newest first.
struct RunQuery {
    std::string job{};  ///< Empty: of all jobs.
    std::size_t limit = 50;
    std::string after{};                 ///< The last run of the page before; empty: from the newest on.
    std::optional<Outcome> outcome{};    ///< Only those that ended so.
    bool running = false;                ///< Only those that have not ended.
    TimePoint since{};                   ///< Only those that began then or later,
    TimePoint until = kNever;            ///< and before that.
    std::optional<Trigger> trigger{};    ///< Only those.
    bool ownWork = false;                ///< Only those that do the job's work, see isOwnWork().
    std::chrono::microseconds longer{};  ///< Only those that took as long; of those that go on, what they took so far.
    TimePoint now{};                     ///< For `longer`.
    /// Only those with it in their message, in English or French and see folded(); or with it as the message's code.
    std::string text{};
    std::size_t mostLookedAt = 0;  ///< Rows that are looked at, about; 0: all that there are.
};

/// The table run: the history. Nobody else writes it. All inside a transaction of the caller, who passes on what the
/// database throws; for one run or many in one go, where the count that is returned is that of one.
/// Invariants: a row comes in the transaction that gives the run its fence, and its lock if it runs alone. It ends
/// once: a row that has an outcome is never written again, but deleted with what is older than the history keeps.

void insertRuns(Poco::Data::Session& session, const std::vector<RunStart>& starts);
std::size_t endRuns(Poco::Data::Session& session, const std::vector<RunEnd>& ends);
/// As failed, without a report.
void failRun(Poco::Data::Session& session, const std::string& run, const std::string& message, TimePoint now);

std::optional<RunRow> readRun(Poco::Data::Session& session, const std::string& id);
/// Nothing follows a run that is not there any more. A query with a text is for SQLite alone.
Found<RunRow> searchRuns(Poco::Data::Session& session, const RunQuery& query);
inline std::vector<RunRow> readRuns(Poco::Data::Session& session, const RunQuery& query) {
    return searchRuns(session, query).rows;
}
/// Newest first; of all jobs when none is named.
inline std::vector<RunRow> readRuns(Poco::Data::Session& session, const std::optional<std::string>& job,
                                    std::size_t limit) {
    return readRuns(session, RunQuery{job.value_or(""), limit});
}
/// The runs of all jobs that began then or later, oldest first.
std::vector<RunRow> readRuns(Poco::Data::Session& session, TimePoint startedSince);

/// A run as far as pictures of many need it.
struct RunFigure {
    std::string id{};
    std::string job{};
    TimePoint startedAt{};
    std::optional<TimePoint> finishedAt{};  ///< Empty: running.
    std::optional<Outcome> outcome{};       ///< Empty: running.
    Trigger trigger = Trigger::Other;
};
/// Those of a job, or of all jobs when it is empty, that began in [from, until), newest first; `limit` at most.
std::vector<RunFigure> readRunFigures(Poco::Data::Session& session, const std::string& job, TimePoint from,
                                      TimePoint until, std::size_t limit);

/// Those of all jobs that began before `at` and went on then, newest first. All that began within `surely` before it
/// are looked at, and of those before these as many as make `most` in all: how far back it looked is told, too.
Found<RunFigure> readRunsGoingOn(Poco::Data::Session& session, TimePoint at, std::chrono::hours surely,
                                 std::size_t most);

/// The attempts at a slot that began within a week of it, and those of a backfill, oldest first.
std::vector<RunRow> readAttempts(Poco::Data::Session& session, const std::string& job, TimePoint slot);

/// A run without an end, and the text of the process that holds its lock; empty: nobody does.
struct UnfinishedRun {
    RunIdentity identity{};
    std::string owner{};
};
/// Of that host.
std::vector<UnfinishedRun> readUnfinished(Poco::Data::Session& session, const std::string& host);

}  // namespace carillon
