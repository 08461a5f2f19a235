#include "store/Retention.h"

#include "store/Sql.h"

#include <algorithm>
#include <string_view>

namespace carillon {
namespace {

using Poco::Int64;

constexpr std::string_view kSelectOldestKept = R"sql(
    SELECT started_at, scheduled_at FROM run WHERE job = ? ORDER BY started_at DESC LIMIT 1 OFFSET ?)sql";

constexpr std::string_view kSelectLastSuccess = R"sql(
    SELECT id FROM run WHERE job = ? AND outcome IN (0, 1) AND (trigger_name <> 'replay' OR ? = 1)
     ORDER BY started_at DESC LIMIT 1)sql";

constexpr std::string_view kHasRuns = R"sql(
    SELECT id FROM run
     WHERE job = ? AND started_at < ? AND outcome IS NOT NULL AND id <> ? AND id <> ? LIMIT 1)sql";
constexpr std::string_view kHasSlots = "SELECT job FROM slot WHERE job = ? AND slot_at < ? LIMIT 1";

// The selection has a name of its own, since MySQL refuses a limit without one.
constexpr std::string_view kDeleteRuns = R"sql(
    DELETE FROM run WHERE id IN (SELECT id FROM (
      SELECT id FROM run
       WHERE job = ? AND started_at < ? AND outcome IS NOT NULL AND id <> ? AND id <> ?
       ORDER BY started_at LIMIT ?) AS oldest))sql";
constexpr std::string_view kDeleteSlots = R"sql(
    DELETE FROM slot WHERE job = ? AND slot_at IN (SELECT slot_at FROM (
      SELECT slot_at FROM slot WHERE job = ? AND slot_at < ? ORDER BY slot_at LIMIT ?) AS oldest))sql";

constexpr std::string_view kExtentOfRuns = "SELECT COUNT(*), MIN(started_at) FROM run";
constexpr std::string_view kExtentOfSlots = "SELECT COUNT(*), MIN(slot_at) FROM slot";

// The names are looked up one after the other in the indexes: no table is read for them.
constexpr std::string_view kRecordedJobs = R"sql(
    WITH RECURSIVE
      ran (job) AS (
        SELECT MIN(job) FROM run
        UNION ALL SELECT (SELECT MIN(job) FROM run WHERE run.job > ran.job) FROM ran WHERE ran.job IS NOT NULL),
      due (job) AS (
        SELECT MIN(job) FROM slot
        UNION ALL SELECT (SELECT MIN(job) FROM slot WHERE slot.job > due.job) FROM due WHERE due.job IS NOT NULL)
    SELECT job FROM ran WHERE job IS NOT NULL UNION SELECT job FROM due WHERE job IS NOT NULL ORDER BY 1)sql";

using Name = Poco::Tuple<std::string>;

std::string lastSuccessOf(Poco::Data::Session& session, const std::string& job, bool withReplays) {
    const auto rows = select<Name>(session, kSelectLastSuccess, job, withReplays ? 1 : 0);
    return rows.empty() ? "" : rows.front().get<0>();
}

Extent extentOf(Poco::Data::Session& session, std::string_view sql) {
    const auto row = select<Poco::Tuple<Int64, NullableInt64>>(session, sql).front();
    Extent extent{row.get<0>(), {}};
    if (!row.get<1>().isNull()) extent.since = fromMicros(row.get<1>().value());
    return extent;
}

/// Without those that are spared.
Outdated linesOf(Poco::Data::Session& session, const std::string& job, const HistoryKeeping& keeping, TimePoint now) {
    Outdated outdated{job, {}, {}, {}, {}};
    const auto kept = keeping.runs ? kSparedRuns : keeping.most;
    const auto oldest = select<Poco::Tuple<Int64, Int64>>(session, kSelectOldestKept, job, Int64{kept - 1});
    if (!oldest.empty()) {
        outdated.runsBefore = fromMicros(oldest.front().get<0>());
        outdated.slotsBefore = fromMicros(oldest.front().get<1>());
    }
    if (keeping.runs) outdated.runsBefore = std::min(outdated.runsBefore, now - *keeping.runs);
    if (const auto span = keeping.slots ? keeping.slots : keeping.runs) outdated.slotsBefore = now - *span;
    return outdated;
}

}  // namespace

std::vector<std::string> readRecordedJobs(Poco::Data::Session& session) {
    return column(select<Name>(session, kRecordedJobs), [](const Name& row) { return row.get<0>(); });
}

std::optional<Outdated> readOutdated(Poco::Data::Session& session, const std::string& job,
                                     const HistoryKeeping& keeping, TimePoint now) {
    Outdated outdated = linesOf(session, job, keeping, now);
    const auto any = [&](std::string_view sql, const auto&... values) {
        return !select<Name>(session, sql, job, values...).empty();
    };
    const Int64 runsBefore = toMicros(outdated.runsBefore);
    const std::string none;
    if (any(kHasRuns, runsBefore, none, none)) {
        outdated.spared = lastSuccessOf(session, job, false);
        outdated.sparedReplays = lastSuccessOf(session, job, true);
        if (any(kHasRuns, runsBefore, outdated.spared, outdated.sparedReplays)) return outdated;
    }
    outdated.runsBefore = {};
    return any(kHasSlots, toMicros(outdated.slotsBefore)) ? std::optional(outdated) : std::nullopt;
}

std::size_t deleteOutdated(Poco::Data::Session& session, const Outdated& outdated, std::size_t portion) {
    const auto most = static_cast<Int64>(portion);
    return execute(session, kDeleteRuns, outdated.job, toMicros(outdated.runsBefore), outdated.spared,
                   outdated.sparedReplays, most) +
           execute(session, kDeleteSlots, outdated.job, outdated.job, toMicros(outdated.slotsBefore), most);
}

Extent readExtentOfRuns(Poco::Data::Session& session) {
    return extentOf(session, kExtentOfRuns);
}

Extent readExtentOfSlots(Poco::Data::Session& session) {
    return extentOf(session, kExtentOfSlots);
}

}  // namespace carillon
