#include "store/RunStore.h"

#include "carillon/TransactionScope.h"
#include "store/Sql.h"

#include <string_view>

namespace carillon {
namespace {

constexpr std::string_view kRenewLease = R"sql(
    UPDATE job_state SET lease_until = ?
     WHERE job = ? AND fence = ? AND run IS NOT NULL)sql";

constexpr std::int64_t kTrimEvery = 100;

}  // namespace

RunStore::RunStore(const std::string& stateDir, const Clock& clock, std::chrono::milliseconds patience)
    : _clock(clock), _file(stateDir, clock, patience) {}

std::variant<Claim, Holder> RunStore::claim(const ClaimRequest& request) {
    return _file.with([&](auto& session) {
        TransactionScope transaction(session);
        auto result = claimRun(session, request, _clock.now());
        transaction.commit();
        return result;
    });
}

bool RunStore::renewLease(const std::string& job, std::int64_t fence) {
    return _file.with([&](auto& session) {
        return execute(session, kRenewLease, toMicros(_clock.now() + kLease), job, Poco::Int64{fence}) != 0;
    });
}

bool RunStore::finish(const RunIdentity& identity, const RunEnding& ending, bool exclusive) {
    return _file.with([&](auto& session) {
        TransactionScope transaction(session);
        if (!finishRun(session, identity, ending, exclusive)) return false;
        if (identity.fence % kTrimEvery == 0) trimHistory(session, identity.job, kKeptRuns);
        transaction.commit();
        return true;
    });
}

std::vector<RunRow> RunStore::history(const std::optional<std::string>& job, std::size_t limit) {
    return _file.with([&](auto& session) { return readRuns(session, job, limit); });
}

std::vector<SlotRow> RunStore::ledger(const std::optional<std::string>& job, std::size_t limit) {
    return _file.with([&](auto& session) { return readSlots(session, job, limit); });
}

std::vector<RunRow> RunStore::history(const RunQuery& query) {
    return _file.with([&](auto& session) { return readRuns(session, query); });
}

std::vector<SlotRow> RunStore::ledger(const SlotQuery& query) {
    return _file.with([&](auto& session) { return readSlots(session, query); });
}

std::vector<SlotEnd> RunStore::slotEnds(const std::string& job, TimePoint since) {
    return _file.with([&](auto& session) { return readSlotEnds(session, job, since); });
}

std::vector<SlotEnd> RunStore::slotEnds(TimePoint recordedSince) {
    return _file.with([&](auto& session) { return readSlotEnds(session, recordedSince); });
}

std::vector<RunRow> RunStore::runsSince(TimePoint startedSince) {
    return _file.with([&](auto& session) { return readRuns(session, startedSince); });
}

std::optional<RunRow> RunStore::run(const std::string& id) {
    return _file.with([&](auto& session) { return readRun(session, id); });
}

std::vector<JobStanding> RunStore::standings() {
    return _file.with([this](auto& session) { return readStandings(session, _clock.now()); });
}

std::vector<RunLock> RunStore::locks() {
    return _file.with([](auto& session) { return readLocks(session); });
}

std::optional<RunRow> RunStore::lastRun(const std::string& job) {
    const auto rows = history(job, 1);
    return rows.empty() ? std::nullopt : std::optional(rows.front());
}

}  // namespace carillon
