#include "store/JobScheduleTable.h"

#include "store/Sql.h"

#include <string_view>
#include <type_traits>

namespace carillon {
namespace {

constexpr std::string_view kSelectSchedules = R"sql(
    SELECT s.job, s.plan, s.next_at, s.paused, s.busy, s.retry_at, s.retry_slot, s.retry_attempt, s.retry_trigger,
           COALESCE(p.paused_by, ''), COALESCE(p.since_at, 0), p.until_at, COALESCE(p.note, '')
      FROM job_schedule s LEFT JOIN job_pause p ON p.job = s.job AND s.paused = 1
     WHERE s.job > ? ORDER BY s.job LIMIT ?)sql";

constexpr std::string_view kSelectPauses = R"sql(
    SELECT s.job, COALESCE(p.paused_by, ''), COALESCE(p.since_at, 0), p.until_at, COALESCE(p.note, '')
      FROM job_schedule s LEFT JOIN job_pause p ON p.job = s.job WHERE s.paused = 1 ORDER BY s.job)sql";

constexpr std::string_view kDeletePause = "DELETE FROM job_pause WHERE job = ?";

constexpr std::string_view kInsertPause = R"sql(
    INSERT INTO job_pause (job, paused_by, since_at, until_at, note) VALUES (?, ?, ?, ?, ?))sql";

constexpr std::string_view kDeleteSchedule = "DELETE FROM job_schedule WHERE job = ?";

constexpr std::string_view kInsertSchedule = R"sql(
    INSERT INTO job_schedule (job, plan, next_at, paused, busy, retry_at, retry_slot, retry_attempt, retry_trigger)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))sql";

constexpr std::string_view kMoveFrom = "UPDATE job_schedule SET next_at = ? WHERE job = ? AND next_at = ?";

constexpr std::string_view kMove = "UPDATE job_schedule SET next_at = ? WHERE job = ?";

using Poco::Int64;
using ScheduleTuple = Poco::Tuple<std::string, Int64, NullableInt64, int, int, NullableInt64, NullableInt64,
                                  Poco::Nullable<int>, NullableText, std::string, Int64, NullableInt64, std::string>;
using PauseTuple = Poco::Tuple<std::string, std::string, Int64, NullableInt64, std::string>;

Pause pauseOf(const std::string& by, Int64 since, const NullableInt64& until, const std::string& note) {
    Pause pause{by, fromMicros(since), {}, note};
    if (!until.isNull()) pause.until = fromMicros(until.value());
    return pause;
}

ScheduleRow toScheduleRow(const ScheduleTuple& tuple) {
    ScheduleRow row{tuple.get<0>(), tuple.get<1>(), {}, tuple.get<3>() != 0, tuple.get<4>() != 0, {}, {}};
    if (row.paused) row.pause = pauseOf(tuple.get<9>(), tuple.get<10>(), tuple.get<11>(), tuple.get<12>());
    if (!tuple.get<2>().isNull()) row.next = fromMicros(tuple.get<2>().value());
    if (!tuple.get<5>().isNull())
        row.retry = Retry{fromMicros(tuple.get<5>().value()), fromMicros(tuple.get<6>().value()),
                          tuple.get<7>().value(), triggerOf(tuple.get<8>().value())};
    return row;
}

/// Those of the rows that have one; a job whose earlier version noted nothing has none.
void replacePauses(Poco::Data::Session& session, const std::vector<ScheduleRow>& rows) {
    const auto paused = filtered(rows, [](const ScheduleRow& row) { return row.paused && row.pause != Pause{}; });
    executeRows(session, kDeletePause, column(rows, [](const auto& row) { return row.job; }));
    executeRows(session, kInsertPause, column(paused, [](const auto& row) { return row.job; }),
                column(paused, [](const auto& row) { return row.pause.by; }),
                column(paused, [](const auto& row) { return toMicros(row.pause.since); }),
                column(paused, [](const auto& row) { return toMicros(row.pause.until); }),
                column(paused, [](const auto& row) { return row.pause.note; }));
}

}  // namespace

std::vector<ScheduleRow> readSchedules(Poco::Data::Session& session, const std::string& after, int limit) {
    return column(select<ScheduleTuple>(session, kSelectSchedules, after, limit), toScheduleRow);
}

std::map<std::string, Pause> readPauses(Poco::Data::Session& session) {
    std::map<std::string, Pause> pauses;
    for (const auto& row : select<PauseTuple>(session, kSelectPauses))
        pauses[row.get<0>()] = pauseOf(row.get<1>(), row.get<2>(), row.get<3>(), row.get<4>());
    return pauses;
}

void replaceSchedules(Poco::Data::Session& session, const std::vector<ScheduleRow>& rows) {
    const auto each = [&rows](auto read) { return column(rows, read); };
    const auto ofRetry = [&rows](auto read) {
        return column(rows, [read](const ScheduleRow& row) {
            using Value = Poco::Nullable<decltype(read(*row.retry))>;
            return row.retry ? Value(read(*row.retry)) : Value();
        });
    };
    executeRows(session, kDeleteSchedule, each([](const auto& row) { return row.job; }));
    executeRows(session, kInsertSchedule, each([](const auto& row) { return row.job; }),
                each([](const auto& row) { return Int64{row.plan}; }),
                each([](const auto& row) { return toMicros(row.next); }),
                each([](const auto& row) { return row.paused ? 1 : 0; }),
                each([](const auto& row) { return row.busy ? 1 : 0; }),
                ofRetry([](const Retry& retry) { return toMicros(retry.at); }),
                ofRetry([](const Retry& retry) { return toMicros(retry.slot); }),
                ofRetry([](const Retry& retry) { return retry.attempt; }),
                ofRetry([](const Retry& retry) { return std::string(nameOf(retry.trigger)); }));
    replacePauses(session, rows);
}

void moveSchedules(Poco::Data::Session& session, const std::vector<ScheduleMove>& moves) {
    executeRows(session, kMoveFrom, column(moves, [](const auto& move) { return toMicros(move.to); }),
                column(moves, [](const auto& move) { return move.job; }),
                column(moves, [](const auto& move) { return toMicros(move.from); }));
}

void moveSchedule(Poco::Data::Session& session, const ScheduleMove& move) {
    execute(session, kMove, toMicros(move.to), move.job);
}

}  // namespace carillon
