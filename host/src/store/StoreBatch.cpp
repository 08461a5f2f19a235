#include "store/StoreBatch.h"

#include "store/JobStateTable.h"
#include "store/RunTable.h"
#include "store/SlotTable.h"
#include "store/Sql.h"

#include "Poco/Data/SQLite/SQLiteException.h"

#include <functional>
#include <map>
#include <set>
#include <utility>

namespace carillon {
namespace {

bool isFirst(const RunStart& start) {
    return start.identity.fence == 1;
}

/// Those that hold their job's lock.
std::vector<RunIdentity> holdersOf(const std::vector<RunEnd>& ends) {
    std::vector<RunIdentity> holders;
    for (const auto& end : ends)
        if (end.exclusive) holders.push_back(end.identity);
    return holders;
}

/// The run's row may be gone with the file that it was in.
void endOne(Poco::Data::Session& session, const RunEnd& end) {
    if (!readRun(session, end.identity.run)) insertRuns(session, {{end.identity, end.exclusive}});
    endRuns(session, {end});
    freeLocks(session, {end.identity});
}

StartAnswer startOne(Poco::Data::Session& session, const RunStart& start, TimePoint now) {
    const auto& run = start.identity;
    if (run.attempt == 1 && hasSlot(session, run.job, run.scheduledAt)) return SlotTaken{};
    ClaimRequest request{run.job, run.run, run.trigger, run.host, run.attempt, run.scheduledAt};
    request.recordSkip = request.recordSlot = false;
    request.exclusive = start.exclusive;
    auto answer = claimRun(session, request, now);
    if (auto* claim = std::get_if<Claim>(&answer)) return std::move(*claim);
    return std::get<Holder>(answer);
}

}  // namespace

bool writeTogether(Poco::Data::Session& session, const StoreBatch& batch, const std::string& owner, TimePoint now) {
    try {
        replaceSchedules(session, batch.rows);
        const Poco::Int64 before = countChanges(session);
        const auto holders = holdersOf(batch.ends);
        freeLocks(session, holders);
        endRuns(session, batch.ends);
        insertLocks(session, filtered(batch.starts, isFirst), owner, now);
        takeLocks(session, filtered(batch.starts, std::not_fn(isFirst)), owner, now);
        moveSchedules(session, batch.moves);
        insertRuns(session, batch.starts);
        insertSlots(session, batch.slots, now);
        // Each start is a row of job_state and one of run.
        const std::size_t expected =
            holders.size() + batch.ends.size() + 2 * batch.starts.size() + batch.moves.size() + batch.slots.size();
        return countChanges(session) - before == static_cast<Poco::Int64>(expected);
    } catch (const Poco::Data::SQLite::ConstraintViolationException&) {  // a run or a slot that is there already
        return false;
    }
}

std::vector<StartAnswer> writeOneByOne(Poco::Data::Session& session, const StoreBatch& batch, TimePoint now) {
    replaceSchedules(session, batch.rows);
    for (const auto& end : batch.ends) endOne(session, end);
    std::vector<StartAnswer> answers;
    std::set<std::string> refused;  // their slots stay as they are: the caller decides anew
    std::map<std::pair<std::string, std::string>, std::string> renamed;  // by job and run: another run had that name
    for (const auto& start : batch.starts) {
        answers.push_back(startOne(session, start, now));
        if (const auto* claim = std::get_if<Claim>(&answers.back()))
            renamed[{start.identity.job, start.identity.run}] = claim->identity.run;
        else
            refused.insert(start.identity.job);
    }
    for (SlotRow slot : batch.slots) {
        if (refused.contains(slot.job)) continue;
        if (const auto name = renamed.find({slot.job, slot.run}); name != renamed.end()) slot.run = name->second;
        insertMissingSlot(session, slot, now);
    }
    for (const auto& move : batch.moves)
        if (!refused.contains(move.job)) moveSchedule(session, move);
    return answers;
}

}  // namespace carillon
