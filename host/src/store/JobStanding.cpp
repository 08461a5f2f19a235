#include "store/JobStanding.h"

#include "record/SlotReason.h"
#include "record/Words.h"
#include "store/Sql.h"

namespace carillon {
namespace {

// Nothing ran in the slot, and nobody meant that: the job was not paused. What somebody asked for beside a run in
// progress was refused to his face.
const std::string kHasPassed = R"sql((ending = 'missed' OR (ending = 'skipped' AND reason IN (')sql" +
                               std::string(nameOf(SkipReason::Overlap)) + "', '" +
                               std::string(nameOf(SkipReason::QueueFull)) + R"sql(')))
             AND trigger_name IN ('schedule', 'misfire'))sql";

/// What a row of `run` tells of its job's open rejects; NULL: nothing, as the reports of earlier versions. Most reports
/// are not read for it.
std::string openRejectsOf(const std::string& row) {
    const std::string name(nameOf(FigureRole::OpenRejects));
    const std::string report = row + ".report";
    return "CASE WHEN instr(" + report + ", '\"" + name + "\"') > 0 AND json_valid(" + report +
           ") THEN (SELECT n.value FROM json_each(" + report + ", '$.counters') n JOIN json_each(" + report +
           ", '$.roles') r ON r.key = n.key WHERE r.value = '" + name + "' ORDER BY n.id LIMIT 1) END";
}

// A run that failed early knows nothing of rejects: then the last one that succeeded tells.
// The names are looked up one after the other in the index: all of a history is not read for them.
const std::string kStandings = R"sql(
    WITH RECURSIVE
      ran (job) AS (
        SELECT MIN(job) FROM run
        UNION ALL SELECT (SELECT MIN(job) FROM run WHERE run.job > ran.job) FROM ran WHERE ran.job IS NOT NULL),
      name (job) AS (SELECT job FROM job_schedule UNION SELECT job FROM ran WHERE job IS NOT NULL),
      ending (job, last, newest, complete, succeeded) AS (
        SELECT job,
          (SELECT id FROM run r WHERE r.job = n.job AND outcome IN (0, 1, 2) AND trigger_name <> 'replay'
            ORDER BY started_at DESC, id DESC LIMIT 1),
          (SELECT id FROM run r WHERE r.job = n.job AND outcome IS NOT NULL ORDER BY started_at DESC, id DESC LIMIT 1),
          (SELECT id FROM run r WHERE r.job = n.job AND outcome IN (0, 1) ORDER BY started_at DESC, id DESC LIMIT 1),
          COALESCE((SELECT finished_at FROM run r WHERE r.job = n.job AND outcome IN (0, 1)
            AND trigger_name <> 'replay' ORDER BY started_at DESC LIMIT 1), 0)
          FROM name n)
    SELECT e.job, COALESCE(s.paused, 0), e.succeeded, l.outcome, COALESCE(l.id, ''), COALESCE(l.message, ''),
           COALESCE(l.finished_at, 0),
           COALESCE()sql" + openRejectsOf("w") +
                               ", " + openRejectsOf("c") + R"sql(, 0),
           (SELECT COUNT(*) FROM slot p WHERE p.job = e.job AND p.slot_at > e.succeeded AND )sql" +
                               kHasPassed + R"sql(),
           a.snoozed_until
      FROM ending e LEFT JOIN run l ON l.id = e.last LEFT JOIN run w ON w.id = e.newest
      LEFT JOIN run c ON c.id = e.complete
      LEFT JOIN job_schedule s ON s.job = e.job LEFT JOIN alert_job a ON a.job = e.job
     ORDER BY e.job)sql";

const std::string kFailures = R"sql(
    SELECT COUNT(*), MIN(finished_at) FROM run
     WHERE job = ? AND outcome = 2 AND finished_at > ? AND trigger_name <> 'replay')sql";

const std::string kPassed = R"sql(
    SELECT MIN(slot_at) FROM slot WHERE job = ? AND slot_at > ? AND )sql" +
                            kHasPassed;

using Poco::Int64;
using Number = Poco::Nullable<Int64>;
using StandingTuple =
    Poco::Tuple<std::string, Int64, Int64, Number, std::string, std::string, Int64, Int64, Int64, Number>;

JobStanding toStanding(const StandingTuple& row, TimePoint now) {
    JobStanding standing;
    standing.job = row.get<0>();
    standing.isPaused = row.get<1>() != 0;
    standing.succeededAt = fromMicros(row.get<2>());
    standing.hasFailed = row.get<3>().value(0) == static_cast<Int64>(Outcome::Failed);
    standing.run = row.get<4>();
    standing.message = row.get<5>();
    standing.failures = standing.hasFailed ? 1 : 0;
    standing.failingSince = fromMicros(row.get<6>());
    standing.openRejects = row.get<7>();
    standing.passed = row.get<8>();
    const TimePoint snoozed = fromMicros(row.get<9>().value(0));
    if (snoozed > now) standing.snoozedUntil = snoozed;
    return standing;
}

void addFailures(Poco::Data::Session& session, JobStanding& standing) {
    using Row = Poco::Tuple<Int64, Int64>;
    const auto rows = select<Row>(session, kFailures, standing.job, toMicros(standing.succeededAt));
    if (rows.front().get<0>() == 0) return;  // the clock was set back
    standing.failures = rows.front().get<0>();
    standing.failingSince = fromMicros(rows.front().get<1>());
}

void addPassed(Poco::Data::Session& session, JobStanding& standing) {
    const auto rows = select<Poco::Tuple<Int64>>(session, kPassed, standing.job, toMicros(standing.succeededAt));
    standing.firstPassed = fromMicros(rows.front().get<0>());
}

}  // namespace

std::vector<JobStanding> readStandings(Poco::Data::Session& session, TimePoint now) {
    std::vector<JobStanding> standings;
    for (const auto& row : select<StandingTuple>(session, kStandings)) {
        JobStanding standing = toStanding(row, now);
        if (standing.hasFailed) addFailures(session, standing);
        if (standing.passed > 0) addPassed(session, standing);
        standings.push_back(std::move(standing));
    }
    return standings;
}

}  // namespace carillon
