#include "alerts/AlertRows.h"

#include "store/Sql.h"

#include <algorithm>
#include <utility>

namespace carillon {
namespace {

constexpr std::string_view kSelectJob = "SELECT version, state, snoozed_until FROM alert_job WHERE job = ?";

constexpr std::string_view kInsertJob = R"sql(
    INSERT INTO alert_job (job, version, state, snoozed_until)
    SELECT ?, 1, ?, ? FROM (SELECT 1 AS one) AS once
     WHERE NOT EXISTS (SELECT 1 FROM alert_job WHERE job = ?))sql";

constexpr std::string_view kUpdateJob = R"sql(
    UPDATE alert_job SET version = version + 1, state = ? WHERE job = ? AND version = ?)sql";

constexpr std::string_view kSnoozeJob = R"sql(
    UPDATE alert_job SET version = version + 1, snoozed_until = ? WHERE job = ?)sql";

constexpr std::string_view kHoldAlerts = R"sql(
    UPDATE alert SET due_at = ?, fence = fence + 1 WHERE job = ? AND channel <> 'ping' AND state = 'waiting')sql";

constexpr std::string_view kSelectSnoozes = R"sql(
    SELECT job, snoozed_until FROM alert_job WHERE snoozed_until > ? ORDER BY job)sql";

constexpr std::string_view kInsertAlert = R"sql(
    INSERT INTO alert (id, job, kind, channel, created_at, facts, state, due_at, attempts, fence, problem)
    SELECT ?, ?, ?, ?, ?, ?, 'waiting', ?, 0, 0, '' FROM (SELECT 1 AS one) AS once
     WHERE NOT EXISTS (SELECT 1 FROM alert WHERE id = ?))sql";

constexpr std::string_view kDeleteOlderPings = R"sql(
    DELETE FROM alert WHERE job = ? AND channel = 'ping' AND state = 'waiting')sql";

const std::string kSelectAlerts = R"sql(
    SELECT id, facts, channel, state, created_at, due_at, attempts, problem, ended_at, job
      FROM alert WHERE created_at >= ? AND created_at < ?)sql";
// Of alerts that were decided at one instant the ids tell where a page ended.
constexpr std::string_view kAfter = " AND created_at <= ? AND (created_at < ? OR id > ?)";
constexpr std::string_view kNewestFirst = " ORDER BY created_at DESC, id LIMIT ?";

constexpr std::string_view kTrimAlerts = "DELETE FROM alert WHERE ended_at < ?";

using Poco::Int64;
using JobTuple = Poco::Tuple<Int64, std::string, Int64>;
using NamedTime = Poco::Tuple<std::string, Int64>;
using AlertTuple = Poco::Tuple<std::string, std::string, std::string, std::string, Int64, Int64, Int64, std::string,
                               Poco::Nullable<Int64>, std::string>;

std::vector<std::pair<std::string, TimePoint>> toTimes(const std::vector<NamedTime>& rows) {
    std::vector<std::pair<std::string, TimePoint>> times;
    for (const auto& row : rows) times.emplace_back(row.get<0>(), fromMicros(row.get<1>()));
    return times;
}

template <class Enum>
std::string wordOf(const std::optional<Enum>& value) {
    return value ? std::string(nameOf(*value)) : std::string();
}

AlertRow toRow(const AlertTuple& tuple) {
    AlertRow row{tuple.get<0>(),
                 readAlert(tuple.get<1>(), tuple.get<9>()),
                 enumOf<AlertChannel>(tuple.get<2>()).value_or(AlertChannel::Mail),
                 enumOf<AlertPhase>(tuple.get<3>()).value_or(AlertPhase::Waiting),
                 fromMicros(tuple.get<4>()),
                 fromMicros(tuple.get<5>()),
                 tuple.get<6>(),
                 tuple.get<7>(),
                 {}};
    if (!tuple.get<8>().isNull()) row.endedAt = fromMicros(tuple.get<8>().value());
    return row;
}

}  // namespace

std::string kindOf(const AlertRow& row) {
    if (row.channel != AlertChannel::Ping) return std::string(nameOf(row.alert.kind));
    return row.alert.kind == AlertKind::Failed ? "run failed" : "run ended";
}

void writeAlert(JsonWriter& json, const AlertRow& row) {
    json.beginObject();
    JsonOut<JsonForm::Public> members(json);
    members("id", row.id);
    members("created_at", row.createdAt);
    members.orNull("job", row.alert.job);
    members("kind", kindOf(row));
    members.orNull("run", row.alert.run);
    members("channel", row.channel);
    members("state", row.phase);
    members("attempts", row.attempts);
    members("due_at", row.endedAt ? std::nullopt : std::optional(row.dueAt));
    members("ended_at", row.endedAt);
    members("problem", row.problem);
    json.endObject();
}

std::string alertIdOf(const Alert& alert, AlertChannel channel) {
    return alertHash(alert.job + '\n' + std::string(nameOf(alert.kind)) + '\n' + alert.event + '\n' +
                     std::string(nameOf(channel)));
}

AlertJob readAlertJob(Poco::Data::Session& session, const std::string& job) {
    const auto rows = select<JobTuple>(session, kSelectJob, job);
    if (rows.empty()) return {};
    AlertJob known{rows.front().get<0>(), {}, fromMicros(rows.front().get<2>())};
    try {
        if (const auto& state = rows.front().get<1>(); !state.empty()) known.state = fromJson<AlertState>(state);
    } catch (const Poco::DataFormatException&) {  // of another version: as if nothing were remembered
    }
    return known;
}

bool writeAlertState(Poco::Data::Session& session, const std::string& job, const AlertJob& before,
                     const AlertState& state) {
    const std::string json = toJson(state);
    if (before.version == 0) return execute(session, kInsertJob, job, json, Int64{0}, job) == 1;
    return execute(session, kUpdateJob, json, job, Int64{before.version}) == 1;
}

void addAlert(Poco::Data::Session& session, const Alert& alert, AlertChannel channel, TimePoint now) {
    const bool isPing = channel == AlertChannel::Ping;
    if (isPing) execute(session, kDeleteOlderPings, alert.job);
    const std::string id = alertIdOf(alert, channel);
    execute(session, kInsertAlert, id, alert.job, isPing ? std::string("ping") : std::string(nameOf(alert.kind)),
            std::string(nameOf(channel)), toMicros(now), toJson(alert), toMicros(now), id);
}

void snoozeAlerts(Poco::Data::Session& session, const std::string& job, TimePoint until, TimePoint now) {
    if (execute(session, kSnoozeJob, toMicros(until), job) == 0)
        execute(session, kInsertJob, job, std::string(), toMicros(until), job);
    execute(session, kHoldAlerts, toMicros(std::max(until, now)), job);
}

std::vector<std::pair<std::string, TimePoint>> readSnoozes(Poco::Data::Session& session, TimePoint now) {
    return toTimes(select<NamedTime>(session, kSelectSnoozes, toMicros(now)));
}

std::vector<AlertRow> readAlerts(Poco::Data::Session& session, const AlertQuery& query) {
    const auto place = query.after.value_or(AlertQuery::Place{kNever, ""});
    // A condition that is always true would have its index used for nothing.
    const auto only = [](const char* column, bool isWanted) {
        return isWanted ? std::string(" AND ") + column + " = ?" : std::string(" AND '' = ?");
    };
    const std::string statement = kSelectAlerts + std::string(kAfter) + only("job", !query.job.empty()) +
                                  only("kind", query.kind.has_value()) + only("channel", query.channel.has_value()) +
                                  only("state", query.phase.has_value()) + std::string(kNewestFirst);
    return column(
        select<AlertTuple>(session, statement, toMicros(query.since), toMicros(query.until), toMicros(place.createdAt),
                           toMicros(place.createdAt), place.id, query.job, wordOf(query.kind), wordOf(query.channel),
                           wordOf(query.phase), static_cast<Int64>(query.limit)),
        toRow);
}

void trimAlerts(Poco::Data::Session& session, TimePoint before) {
    execute(session, kTrimAlerts, toMicros(before));
}

}  // namespace carillon
