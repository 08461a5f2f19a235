#include "alerts/AlertStore.h"

#include "carillon/data/TransactionScope.h"
#include "store/RunTable.h"

#include <utility>

namespace carillon {
namespace {

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

std::vector<AlertRow> AlertStore::alerts(std::size_t limit) {
    return _file.with([&](auto& session) { return readAlerts(session, limit); });
}

void AlertStore::trim(TimePoint before) {
    _file.with([&](auto& session) { trimAlerts(session, before); });
}

std::optional<TimePoint> AlertStore::mark(const std::string& host) {
    return _file.with([&](auto& session) { return readAlertMark(session, host); });
}

void AlertStore::setMark(const std::string& host, TimePoint seenUntil) {
    _file.with([&](auto& session) {
        TransactionScope transaction(session);
        writeAlertMark(session, host, seenUntil);
        transaction.commit();
    });
}

std::vector<std::pair<std::string, TimePoint>> AlertStore::lateJobs(TimePoint before) {
    return _file.with([&](auto& session) { return readLateJobs(session, before); });
}

bool AlertStore::hasRetry(const std::string& job) {
    return _file.with([&](auto& session) { return readHasRetry(session, job); });
}

std::optional<TimePoint> AlertStore::lastSuccess(const std::string& job) {
    return _file.with([&](auto& session) { return readLastSuccess(session, job); });
}

std::vector<RunRow> AlertStore::runsEndedAfter(const std::string& host, TimePoint after, std::size_t limit) {
    return _file.with([&](auto& session) {
        std::vector<RunRow> runs;
        for (const auto& id : readRunsEndedAfter(session, host, after, limit))
            if (auto run = readRun(session, id)) runs.push_back(std::move(*run));
        return runs;
    });
}

}  // namespace carillon
