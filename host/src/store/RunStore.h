#pragma once

#include "carillon/Clock.h"
#include "carillon/Duration.h"
#include "schedule/TypedTime.h"
#include "store/ActivityTable.h"
#include "store/Claims.h"
#include "store/GoneRun.h"
#include "store/JobScheduleTable.h"
#include "store/JobStanding.h"
#include "store/JobStateTable.h"
#include "store/KnownJobs.h"
#include "store/OpenSlots.h"
#include "store/Retention.h"
#include "store/RunTable.h"
#include "store/SlotStory.h"
#include "store/SlotTable.h"
#include "store/StoreFile.h"
#include "store/VanishedRuns.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace carillon {

/// Locks, history and ledger of all jobs: the file carillon.db in the folder of the state. One object a process, used
/// by one thread; any number of processes on one file. What a function changes, it changes wholly or not at all. Every
/// function throws StoreException when the store fails; the object stays usable, and works again when the store does.
class RunStore : private StoreFile {
public:
    /// How long a function waits for other processes before it gives up.
    static constexpr std::chrono::milliseconds kPatience{10'000};
    /// Every so manieth run of a job that ends without a host removes so much of what the history keeps no longer.
    static constexpr std::int64_t kTrimEvery = 100;
    static constexpr std::size_t kTrimmed = 1'000;

    /// Opens the store and makes folder, file and tables that are missing. Borrows the clock.
    RunStore(const std::string& stateDir, const Clock& clock, std::chrono::milliseconds patience = kPatience,
             Checkpoints checkpoints = Checkpoints::WhenManyWrites)
        : StoreFile(stateDir, clock, patience, checkpoints) {}

    /// See claimRun().
    ClaimAnswer claim(const ClaimRequest& request) {
        return transact([&](auto& session) { return claimRun(session, request, now()); });
    }
    /// False: the lock is no longer that run's, which has to end.
    bool renewLease(const RunIdentity& run) {
        return with([&](auto& session) { return renewLocks(session, {run}, now()) != 0; });
    }
    /// Records the end and frees the lock. False, and nothing is changed: the lock was no longer that run's.
    bool finish(const RunIdentity& identity, const RunEnding& ending, const HistoryKeeping& keeping = {}) {
        return with([&](auto& session) {
            TransactionScope transaction(session);
            if (!finishRun(session, {identity, ending})) return false;
            if (identity.fence % kTrimEvery == 0)
                if (const auto outdated = readOutdated(session, identity.job, keeping, now()))
                    deleteOutdated(session, *outdated, kTrimmed);
            transaction.commit();
            return true;
        });
    }

    /// The history: see the functions readRuns().
    template <class... Arguments>
    std::vector<RunRow> history(const Arguments&... which) {
        return with([&](auto& session) { return readRuns(session, which...); });
    }
    /// See readRunFigures().
    std::vector<RunFigure> figures(const std::string& job, TimePoint from, TimePoint until, std::size_t limit) {
        return with([&](auto& session) { return readRunFigures(session, job, from, until, limit); });
    }
    /// See readRunsGoingOn().
    Found<RunFigure> runsGoingOn(TimePoint at, std::chrono::hours surely, std::size_t most) {
        return with([&](auto& session) { return readRunsGoingOn(session, at, surely, most); });
    }
    /// The ledger: see the functions readSlots().
    template <class... Arguments>
    std::vector<SlotRow> ledger(const Arguments&... which) {
        return with([&](auto& session) { return readSlots(session, which...); });
    }
    /// See searchRuns(), searchSlots() and tellVanished().
    Found<RunRow> search(const RunQuery& query) {
        return with([&](auto& session) {
            auto found = searchRuns(session, query);
            tellVanished(session, found.rows, now());
            return found;
        });
    }
    Found<SlotRow> search(const SlotQuery& query) {
        return with([&](auto& session) { return searchSlots(session, query); });
    }
    /// See the functions readSlotEnds().
    template <class... Arguments>
    std::vector<SlotEnd> slotEnds(const Arguments&... which) {
        return with([&](auto& session) { return readSlotEnds(session, which...); });
    }
    /// What was due of a job in [from, until).
    DueStory dueStory(const std::string& job, TimePoint from, TimePoint until) {
        return with([&](auto& session) { return readDueStory(session, job, from, until); });
    }
    /// What is known of a job's due times in [from, until).
    KnownSlots knownSlots(const std::string& job, TimePoint from, TimePoint until) {
        return with([&](auto& session) { return readKnownSlots(session, job, from, until); });
    }
    /// What the text means in that zone, see parseTypedTime(); a span means all since then, and nothing what was due
    /// last. Throws Poco::SyntaxException.
    TypedTime askedTime(const std::string& job, const std::string& text, const TimeZone& zone) {
        if (parseDuration(text)) return {parseTypedTime(text, zone, now(), Toward::Past).from, now()};
        if (!text.empty()) return parseTypedTime(text, zone, now(), Toward::Past);
        const TimePoint last = with([&](auto& session) { return readLastSlot(session, job, now()).value_or(now()); });
        return {last, last + std::chrono::seconds(1)};
    }
    std::optional<RunRow> run(const std::string& id) {
        return with([&](auto& session) { return readRun(session, id); });
    }
    /// The same as people are told it, see tellVanished().
    std::optional<RunRow> toldRun(const std::string& id) {
        return with([&](auto& session) {
            std::vector<RunRow> rows;
            if (auto row = readRun(session, id)) rows.push_back(std::move(*row));
            tellVanished(session, rows, now());
            return rows.empty() ? std::nullopt : std::optional(rows.front());
        });
    }
    /// The last that did the job's work, see isOwnWork(), or that does it now; as people are told it.
    std::optional<RunRow> lastRun(const std::string& job) {
        RunQuery query{job, 1};
        query.ownWork = true;
        const auto rows = search(query).rows;
        return rows.empty() ? std::nullopt : std::optional(rows.front());
    }
    /// See readGoneRun().
    std::optional<GoneRun> goneRun(const std::string& id) {
        return with([&](auto& session) { return readGoneRun(session, id); });
    }
    /// Those that are held, by job. One whose owner cannot be read is left out.
    std::vector<RunLock> locks() {
        return with([](auto& session) { return readLocks(session); });
    }
    /// Of all jobs that have a schedule or a run, by job.
    std::vector<JobStanding> standings() {
        return with([this](auto& session) { return readStandings(session, now()); });
    }

    /// The activity log: see readActivity().
    std::vector<Activity> activity(const ActivityQuery& query) {
        return with([&](auto& session) { return readActivity(session, query); });
    }
    /// See Retention.h.
    std::vector<std::string> recordedJobs() {
        return with([](auto& session) { return readRecordedJobs(session); });
    }
    std::optional<Outdated> outdated(const std::string& job, const HistoryKeeping& keeping) {
        return with([&](auto& session) { return readOutdated(session, job, keeping, now()); });
    }
    std::size_t remove(const Outdated& outdated, std::size_t portion) {
        return transact([&](auto& session) { return deleteOutdated(session, outdated, portion); });
    }
    Extent extentOfRuns() {
        return with([](auto& session) { return readExtentOfRuns(session); });
    }
    Extent extentOfSlots() {
        return with([](auto& session) { return readExtentOfSlots(session); });
    }

    /// Of the jobs that are paused, by job.
    std::map<std::string, Pause> pauses() {
        return with([](auto& session) { return readPauses(session); });
    }
    /// See readKnownJobs().
    std::map<std::string, TimePoint> knownJobs() {
        return with([](auto& session) { return readKnownJobs(session); });
    }

    using StoreFile::replacements;
};

}  // namespace carillon
