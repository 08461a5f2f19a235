#include "store/RunRows.h"

#include "store/Sql.h"

#include <limits>

namespace carillon {
namespace {

const std::string kSelectRuns = R"sql(
    SELECT id, job, trigger_name, attempt, host, fence, scheduled_at, started_at, finished_at, outcome, message, report
      FROM run)sql";

// Runs that began at one instant are told apart by their ids: two runs of a job may share a fence.
const std::string kRunPage = R"sql(
     WHERE job = ?
       AND (? = '' OR (started_at, id) < (SELECT started_at, id FROM run WHERE id = ? AND job = ?))
       AND (? = -1 OR COALESCE(outcome, -2) = ?)
     ORDER BY started_at DESC, id DESC LIMIT ?)sql";

const std::string kSlotPage = R"sql(
     WHERE job = ? AND slot_at < ? ORDER BY slot_at DESC LIMIT ?)sql";

const std::string kSelectSlots = R"sql(
    SELECT job, slot_at, ending, reason, COALESCE(run, ''), trigger_name, recorded_at FROM slot)sql";

const std::string kSelectSlotEnds = R"sql(
    SELECT s.job, s.slot_at, s.ending, COALESCE(s.run, ''), r.outcome, s.recorded_at
      FROM slot s LEFT JOIN run r ON r.id = s.run)sql";

using Poco::Int64;
using SlotEndTuple = Poco::Tuple<std::string, Int64, std::string, std::string, Poco::Nullable<int>, Int64>;
using RunTuple = Poco::Tuple<std::string, std::string, std::string, int, std::string, Int64, Int64, Int64,
                             Poco::Nullable<Int64>, Poco::Nullable<int>, std::string, Poco::Nullable<std::string>>;
using SlotTuple = Poco::Tuple<std::string, Int64, std::string, std::string, std::string, std::string, Int64>;

RunRow toRow(const RunTuple& row) {
    RunRow run{row.get<0>(),
               row.get<1>(),
               row.get<2>(),
               row.get<3>(),
               row.get<4>(),
               row.get<5>(),
               fromMicros(row.get<6>()),
               fromMicros(row.get<7>()),
               {},
               {},
               row.get<10>(),
               {}};
    if (!row.get<8>().isNull()) run.finishedAt = fromMicros(row.get<8>().value());
    if (!row.get<9>().isNull()) run.outcome = static_cast<Outcome>(row.get<9>().value());
    if (!row.get<11>().isNull()) run.report = row.get<11>().value();
    return run;
}

/// The table takes no other.
SlotEnding endingOf(const std::string& name) {
    if (const auto ending = enumOf<SlotEnding>(name)) return *ending;
    throw Poco::DataException("holds a slot that ended as " + name);
}

SlotRow toRow(const SlotTuple& row) {
    return {row.get<0>(), fromMicros(row.get<1>()), endingOf(row.get<2>()), row.get<3>(), row.get<4>(),
            row.get<5>(), fromMicros(row.get<6>())};
}

SlotEnd toRow(const SlotEndTuple& row) {
    SlotEnd end{row.get<0>(), fromMicros(row.get<1>()), endingOf(row.get<2>()), row.get<3>(),
                {},           fromMicros(row.get<5>())};
    if (!row.get<4>().isNull()) end.outcome = static_cast<Outcome>(row.get<4>().value());
    return end;
}

/// An outcome, -1: any, or -2: none yet.
int outcomeCode(const RunQuery& query) {
    return query.running ? -2 : query.outcome ? static_cast<int>(*query.outcome) : -1;
}

template <class Row, class Tuple>
std::vector<Row> toRows(const std::vector<Tuple>& tuples) {
    std::vector<Row> rows;
    rows.reserve(tuples.size());
    for (const auto& tuple : tuples) rows.push_back(toRow(tuple));
    return rows;
}

/// `sql` and `order` are the statement before and after the condition.
template <class Row, class Tuple>
std::vector<Row> readNewest(Poco::Data::Session& session, const std::string& sql, const std::string& order,
                            const std::optional<std::string>& job, std::size_t limit) {
    const auto most = static_cast<Int64>(limit);  // below 0, and so without an end, when it is huge
    const auto tuples = job ? select<Tuple>(session, sql + " WHERE job = ?" + order, *job, most)
                            : select<Tuple>(session, sql + order, most);
    return toRows<Row>(tuples);
}

}  // namespace

std::optional<RunRow> readRun(Poco::Data::Session& session, const std::string& id) {
    const auto rows = select<RunTuple>(session, kSelectRuns + " WHERE id = ?", id);
    return rows.empty() ? std::nullopt : std::optional(toRow(rows.front()));
}

std::vector<RunRow> readRuns(Poco::Data::Session& session, const std::optional<std::string>& job, std::size_t limit) {
    return readNewest<RunRow, RunTuple>(session, kSelectRuns, " ORDER BY started_at DESC, fence DESC LIMIT ?", job,
                                        limit);
}

std::vector<SlotRow> readSlots(Poco::Data::Session& session, const std::optional<std::string>& job, std::size_t limit) {
    return readNewest<SlotRow, SlotTuple>(session, kSelectSlots, " ORDER BY slot_at DESC LIMIT ?", job, limit);
}

std::vector<RunRow> readRuns(Poco::Data::Session& session, const RunQuery& query) {
    const int outcome = outcomeCode(query);
    return toRows<RunRow>(select<RunTuple>(session, kSelectRuns + kRunPage, query.job, query.after, query.after,
                                           query.job, outcome, outcome, static_cast<Int64>(query.limit)));
}

std::vector<SlotRow> readSlots(Poco::Data::Session& session, const SlotQuery& query) {
    const Int64 before = query.before ? toMicros(*query.before) : std::numeric_limits<Int64>::max();
    return toRows<SlotRow>(
        select<SlotTuple>(session, kSelectSlots + kSlotPage, query.job, before, static_cast<Int64>(query.limit)));
}

std::vector<SlotEnd> readSlotEnds(Poco::Data::Session& session, const std::string& job, TimePoint since) {
    return toRows<SlotEnd>(select<SlotEndTuple>(
        session, kSelectSlotEnds + " WHERE s.job = ? AND s.slot_at >= ? ORDER BY s.slot_at", job, toMicros(since)));
}

std::vector<SlotEnd> readSlotEnds(Poco::Data::Session& session, TimePoint recordedSince) {
    return toRows<SlotEnd>(
        select<SlotEndTuple>(session, kSelectSlotEnds + " WHERE s.recorded_at >= ?", toMicros(recordedSince)));
}

std::vector<RunRow> readRuns(Poco::Data::Session& session, TimePoint startedSince) {
    return toRows<RunRow>(select<RunTuple>(session, kSelectRuns + " WHERE started_at >= ? ORDER BY started_at, id",
                                           toMicros(startedSince)));
}

}  // namespace carillon
