#include "alerts/AlertStore.h"

#include "carillon/data/TransactionScope.h"
#include "store/KnownJobs.h"
#include "store/RunTable.h"
#include "store/Sql.h"

#include <utility>

namespace carillon {
namespace {

constexpr std::string_view kSelectMark = "SELECT seen_until FROM alert_mark WHERE host = ?";
constexpr std::string_view kUpdateMark = "UPDATE alert_mark SET seen_until = ? WHERE host = ?";
constexpr std::string_view kInsertMark = R"sql(
    INSERT INTO alert_mark (host, seen_until)
    SELECT ?, ? FROM (SELECT 1 AS one) AS once WHERE NOT EXISTS (SELECT 1 FROM alert_mark WHERE host = ?))sql";

constexpr std::string_view kSelectLate = R"sql(
    SELECT job, next_at FROM job_schedule WHERE paused = 0 AND next_at IS NOT NULL AND next_at < ? ORDER BY job)sql";

constexpr std::string_view kSelectEndedAfter = R"sql(
    SELECT id FROM run WHERE host = ? AND finished_at > ? ORDER BY finished_at LIMIT ?)sql";

constexpr std::string_view kSelectRetry = "SELECT job FROM job_schedule WHERE job = ? AND retry_at IS NOT NULL";

constexpr std::string_view kSelectLastSuccess = R"sql(
    SELECT finished_at FROM run WHERE job = ? AND outcome IN (0, 1) AND trigger_name <> 'replay'
     ORDER BY started_at DESC LIMIT 1)sql";

bool isSameButSeen(AlertState state, const AlertState& other) {
    state.seenUntil = other.seenUntil;
    state.recentRuns = other.recentRuns;
    return state == other;
}

}  // namespace

AlertStore::AlertStore(const std::string& stateDir, const Clock& clock, std::chrono::milliseconds patience)
    // A checkpoint may wait for the disk, and the scheduler for it: that makes its own when nothing is due.
    : _clock(clock), _file(stateDir, clock, patience, Checkpoints::OnDemand) {}

bool AlertStore::decide(const Question& question) {
    for (;;) {
        // Read and judged outside of the transaction, so that no firing waits for it.
        const AlertJob known = _file.with([&](auto& session) { return readAlertJob(session, question.job); });
        AlertDecision decision = question.decide(known.state, known.snoozedUntil);
        if (decision.state == known.state) return false;
        if (!question.ping && decision.alerts.empty() && isSameButSeen(decision.state, known.state)) return false;
        for (Alert& alert : decision.alerts) question.complete(alert);
        const bool written = _file.with([&](auto& session) {
            TransactionScope transaction(session);
            if (!writeAlertState(session, question.job, known, decision.state)) return false;
            for (const Alert& alert : decision.alerts)
                for (const auto channel : question.channels) addAlert(session, alert, channel, _clock.now());
            if (question.ping) addAlert(session, *question.ping, AlertChannel::Ping, _clock.now());
            transaction.commit();
            return true;
        });
        if (written) return question.ping || !decision.alerts.empty();
    }
}

void AlertStore::snooze(const std::vector<std::string>& jobs, TimePoint until) {
    _file.with([&](auto& session) {
        TransactionScope transaction(session);
        for (const auto& job : jobs) snoozeAlerts(session, job, until, _clock.now());
        transaction.commit();
    });
}

std::vector<std::pair<std::string, TimePoint>> AlertStore::snoozes() {
    return _file.with([&](auto& session) { return readSnoozes(session, _clock.now()); });
}

std::optional<ClaimedAlerts> AlertStore::claim(const AlertClaim& claim) {
    return _file.with([&](auto& session) -> std::optional<ClaimedAlerts> {
        if (!hasDueAlerts(session, claim.channel, _clock.now())) return std::nullopt;
        TransactionScope transaction(session);
        auto claimed = claimAlerts(session, claim, _clock.now());
        transaction.commit();
        return claimed;
    });
}

void AlertStore::settle(const ClaimedAlerts& alerts, const AlertAttempt& attempt, AlertChannel channel) {
    _file.with([&](auto& session) {
        TransactionScope transaction(session);
        settleAlerts(session, alerts, attempt, channel, _clock.now());
        transaction.commit();
    });
}

std::vector<AlertRow> AlertStore::alerts(const AlertQuery& query) {
    return _file.with([&](auto& session) { return readAlerts(session, query); });
}

void AlertStore::trim(TimePoint before) {
    _file.with([&](auto& session) { trimAlerts(session, before); });
}

std::optional<TimePoint> AlertStore::mark(const std::string& host) {
    const auto rows =
        _file.with([&](auto& session) { return select<Poco::Tuple<Poco::Int64>>(session, kSelectMark, host); });
    return rows.empty() ? std::nullopt : std::optional(fromMicros(rows.front().get<0>()));
}

void AlertStore::setMark(const std::string& host, TimePoint seenUntil) {
    _file.with([&](auto& session) {
        TransactionScope transaction(session);
        // A row that holds this already counts as none that was changed, and then none is missing either.
        if (execute(session, kUpdateMark, toMicros(seenUntil), host) == 0)
            execute(session, kInsertMark, host, toMicros(seenUntil), host);
        transaction.commit();
    });
}

std::map<std::string, TimePoint> AlertStore::knownJobs() {
    return _file.with([](auto& session) { return readKnownJobs(session); });
}

void AlertStore::writeKnownJobs(const std::vector<std::string>& added, const std::vector<std::string>& removed,
                                TimePoint now) {
    if (added.empty() && removed.empty()) return;
    _file.with([&](auto& session) {
        TransactionScope transaction(session);
        addKnownJobs(session, added, now);
        removeKnownJobs(session, removed);
        transaction.commit();
    });
}

std::vector<std::pair<std::string, TimePoint>> AlertStore::lateJobs(TimePoint before) {
    std::vector<std::pair<std::string, TimePoint>> late;
    _file.with([&](auto& session) {
        for (const auto& row : select<Poco::Tuple<std::string, Poco::Int64>>(session, kSelectLate, toMicros(before)))
            late.emplace_back(row.template get<0>(), fromMicros(row.template get<1>()));
    });
    return late;
}

bool AlertStore::hasRetry(const std::string& job) {
    return _file.with(
        [&](auto& session) { return !select<Poco::Tuple<std::string>>(session, kSelectRetry, job).empty(); });
}

std::optional<TimePoint> AlertStore::lastSuccess(const std::string& job) {
    const auto rows = _file.with([&](auto& session) {
        return select<Poco::Tuple<Poco::Nullable<Poco::Int64>>>(session, kSelectLastSuccess, job);
    });
    if (rows.empty() || rows.front().get<0>().isNull()) return std::nullopt;
    return fromMicros(rows.front().get<0>().value());
}

// Reads all of the history: for a host that starts.
std::vector<RunRow> AlertStore::runsEndedAfter(const std::string& host, TimePoint after, std::size_t limit) {
    return _file.with([&](auto& session) {
        std::vector<RunRow> runs;
        for (const auto& row : select<Poco::Tuple<std::string>>(session, kSelectEndedAfter, host, toMicros(after),
                                                                static_cast<Poco::Int64>(limit)))
            if (auto run = readRun(session, row.template get<0>())) runs.push_back(std::move(*run));
        return runs;
    });
}

}  // namespace carillon
