#include "store/ScheduleStore.h"

#include "carillon/TransactionScope.h"
#include "store/LeaseRenewal.h"
#include "store/SlotBatch.h"
#include "store/Sql.h"

#include <string_view>
#include <utility>

namespace carillon {
namespace {

constexpr std::string_view kSelectSchedules = R"sql(
    SELECT job, plan, next_at, paused, busy, retry_at, retry_slot, retry_attempt, retry_trigger
      FROM job_schedule WHERE job > ? ORDER BY job LIMIT ?)sql";

constexpr std::string_view kSelectFences = "SELECT job, fence FROM job_state WHERE job > ? ORDER BY job LIMIT ?";

constexpr std::string_view kSelectUnfinished = R"sql(
    SELECT r.id, r.job, r.fence, COALESCE(s.owner, '') FROM run r LEFT JOIN job_state s ON s.run = r.id AND s.job = r.job
     WHERE r.outcome IS NULL AND r.host = ?)sql";

/// Few enough to hold, many enough to be quick.
constexpr int kPage = 2'000;

using Poco::Int64;
using NullableInt64 = Poco::Nullable<Int64>;
using ScheduleTuple = Poco::Tuple<std::string, Int64, NullableInt64, int, int, NullableInt64, NullableInt64,
                                  Poco::Nullable<int>, Poco::Nullable<std::string>>;
using FenceTuple = Poco::Tuple<std::string, Int64>;
using UnfinishedTuple = Poco::Tuple<std::string, std::string, Int64, std::string>;

ScheduleRow toRow(const ScheduleTuple& tuple) {
    ScheduleRow row{tuple.get<0>(), tuple.get<1>(), {}, tuple.get<3>() != 0, tuple.get<4>() != 0, {}};
    if (!tuple.get<2>().isNull()) row.next = fromMicros(tuple.get<2>().value());
    if (!tuple.get<5>().isNull())
        row.retry = Retry{fromMicros(tuple.get<5>().value()), fromMicros(tuple.get<6>().value()),
                          tuple.get<7>().value(), tuple.get<8>().value()};
    return row;
}

/// Page by page in the order of the key, so that a hundred thousand rows are never held at once.
template <class Tuple, class Take>
void readPages(StoreFile& file, std::string_view sql, Take take) {
    std::string after;
    for (;;) {
        const auto page = file.with([&](auto& session) { return select<Tuple>(session, sql, after, kPage); });
        for (const auto& tuple : page) take(tuple);
        if (page.size() < static_cast<std::size_t>(kPage)) return;
        after = page.back().template get<0>();
    }
}

}  // namespace

ScheduleStore::ScheduleStore(const std::string& stateDir, const std::string& hostName, const Clock& clock,
                             std::chrono::milliseconds patience)
    : _clock(clock),
      _self(ProcessIdentity::ofThisProcess(hostName)),
      _file(stateDir, clock, patience, Checkpoints::OnDemand) {}

void ScheduleStore::readSchedules(const std::function<void(const ScheduleRow&)>& take) {
    readPages<ScheduleTuple>(_file, kSelectSchedules, [&take](const auto& tuple) { take(toRow(tuple)); });
}

void ScheduleStore::readFences(const std::function<void(const std::string&, std::int64_t)>& take) {
    readPages<FenceTuple>(_file, kSelectFences,
                          [&take](const auto& tuple) { take(tuple.template get<0>(), tuple.template get<1>()); });
}

std::vector<RunRow> ScheduleStore::abandonRuns() {
    return _file.with([&](auto& session) {
        TransactionScope transaction(session);
        std::vector<RunRow> abandoned;
        for (const auto& row : select<UnfinishedTuple>(session, kSelectUnfinished, _self.host)) {
            const auto owner = ProcessIdentity::parse(row.template get<3>());
            if (owner && livenessOf(*owner, _self) != Liveness::Gone) continue;
            abandonRun(session, row.template get<1>(), row.template get<0>(), row.template get<2>(), _clock.now());
            if (const auto run = readRun(session, row.template get<0>())) abandoned.push_back(*run);
        }
        transaction.commit();
        return abandoned;
    });
}

std::vector<StartAnswer> ScheduleStore::write(const StoreBatch& batch) {
    return _file.with([&](auto& session) {
        const SlotBatch rows(batch, _self.toText(), _clock.now());
        {
            TransactionScope transaction(session);
            if (rows.writeTogether(session)) {
                for (const auto& job : batch.trims) trimHistory(session, job, kKeptRuns);
                transaction.commit();
                return rows.startedAll();
            }
        }
        // Something is not as the host knows it: a run of another process, a store that was put back from a backup.
        TransactionScope transaction(session);
        auto answers = rows.writeOneByOne(session);
        for (const auto& job : batch.trims) trimHistory(session, job, kKeptRuns);
        transaction.commit();
        return answers;
    });
}

LeaseFindings ScheduleStore::renewLeases(const std::vector<RunIdentity>& runs) {
    return _file.with([&](auto& session) {
        TransactionScope transaction(session);
        auto findings = carillon::renewLeases(session, runs, _self.toText(), _clock.now());
        transaction.commit();
        return findings;
    });
}

std::variant<Claim, Holder> ScheduleStore::claim(const ClaimRequest& request) {
    return _file.with([&](auto& session) {
        TransactionScope transaction(session);
        auto answer = claimRun(session, request, _clock.now());
        transaction.commit();
        return answer;
    });
}

bool ScheduleStore::probe() {
    _file.with([](auto& session) { TransactionScope(session).commit(); });
    return std::exchange(_replacements, _file.replacements()) != _file.replacements();
}

void ScheduleStore::checkpoint() {
    _file.checkpoint();
}

}  // namespace carillon
