#include "store/ScheduleStore.h"

#include "store/RunTable.h"

#include <utility>

namespace carillon {
namespace {

/// Few enough to hold, many enough to be quick.
constexpr int kPage = 2'000;

/// Page by page in the order of the key, so that a hundred thousand rows are never held at once.
template <class ReadPage, class Take>
void readPages(StoreFile& file, ReadPage readPage, const Take& take) {
    for (std::string after;;) {
        const auto page = file.with([&](auto& session) { return readPage(session, after, kPage); });
        for (const auto& row : page) take(row);
        if (page.size() < static_cast<std::size_t>(kPage)) return;
        after = page.back().job;
    }
}

}  // namespace

ScheduleStore::ScheduleStore(const std::string& stateDir, const std::string& hostName, const Clock& clock,
                             std::chrono::milliseconds patience)
    : StoreFile(stateDir, clock, patience, Checkpoints::OnDemand), _self(ProcessIdentity::ofThisProcess(hostName)) {}

void ScheduleStore::readSchedules(const std::function<void(const ScheduleRow&)>& take) {
    readPages(*this, &carillon::readSchedules, take);
}

void ScheduleStore::readFences(const std::function<void(const JobFence&)>& take) {
    readPages(*this, &carillon::readFences, take);
}

std::vector<RunRow> ScheduleStore::abandonRuns() {
    return transact([this](auto& session) {
        std::vector<RunRow> abandoned;
        for (const auto& run : readUnfinished(session, _self.host)) {
            const auto owner = ProcessIdentity::parse(run.owner);
            if (owner && livenessOf(*owner, _self) != Liveness::Gone) continue;
            if (auto row = abandonRun(session, run.identity, Liveness::Gone, now()))
                abandoned.push_back(std::move(*row));
        }
        return abandoned;
    });
}

std::vector<StartAnswer> ScheduleStore::write(const StoreBatch& batch) {
    return with([&](auto& session) {
        const TimePoint at = now();
        {
            TransactionScope transaction(session);
            if (writeTogether(session, batch, _self.toText(), at)) {
                transaction.commit();
                std::vector<StartAnswer> answers;
                for (const auto& start : batch.starts) answers.emplace_back(Claim{start.identity, {}});
                return answers;
            }
        }
        // Something is not as the host knows it: a run of another process, a store that was put back from a backup.
        TransactionScope transaction(session);
        auto answers = writeOneByOne(session, batch, at);
        transaction.commit();
        return answers;
    });
}

LeaseFindings ScheduleStore::renewLeases(const std::vector<RunIdentity>& runs) {
    return transact([&](auto& session) { return carillon::renewLeases(session, runs, _self.toText(), now()); });
}

ClaimAnswer ScheduleStore::claim(const ClaimRequest& request) {
    return transact([&](auto& session) { return claimRun(session, request, now()); });
}

bool ScheduleStore::probe() {
    transact([](auto&) { return true; });
    return std::exchange(_replacements, replacements()) != replacements();
}

}  // namespace carillon
