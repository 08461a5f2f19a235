#include "store/JobScheduleTable.h"

#include "store/Sql.h"

#include <string_view>
#include <type_traits>

namespace carillon {
namespace {

constexpr std::string_view kSelectSchedules = R"sql(
    SELECT job, plan, next_at, paused, busy, retry_at, retry_slot, retry_attempt, retry_trigger
      FROM job_schedule WHERE job > ? ORDER BY job LIMIT ?)sql";

constexpr std::string_view kDeleteSchedule = "DELETE FROM job_schedule WHERE job = ?";

constexpr std::string_view kInsertSchedule = R"sql(
    INSERT INTO job_schedule (job, plan, next_at, paused, busy, retry_at, retry_slot, retry_attempt, retry_trigger)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))sql";

constexpr std::string_view kMoveFrom = "UPDATE job_schedule SET next_at = ? WHERE job = ? AND next_at = ?";

constexpr std::string_view kMove = "UPDATE job_schedule SET next_at = ? WHERE job = ?";

using Poco::Int64;
using ScheduleTuple = Poco::Tuple<std::string, Int64, NullableInt64, int, int, NullableInt64, NullableInt64,
                                  Poco::Nullable<int>, NullableText>;

ScheduleRow toScheduleRow(const ScheduleTuple& tuple) {
    ScheduleRow row{tuple.get<0>(), tuple.get<1>(), {}, tuple.get<3>() != 0, tuple.get<4>() != 0, {}};
    if (!tuple.get<2>().isNull()) row.next = fromMicros(tuple.get<2>().value());
    if (!tuple.get<5>().isNull())
        row.retry = Retry{fromMicros(tuple.get<5>().value()), fromMicros(tuple.get<6>().value()),
                          tuple.get<7>().value(), triggerOf(tuple.get<8>().value())};
    return row;
}

}  // namespace

std::vector<ScheduleRow> readSchedules(Poco::Data::Session& session, const std::string& after, int limit) {
    return column(select<ScheduleTuple>(session, kSelectSchedules, after, limit), toScheduleRow);
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
