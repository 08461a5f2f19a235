#include "store/SlotBatch.h"

#include "store/RunStatements.h"
#include "store/Sql.h"

#include "Poco/Data/SQLite/SQLiteException.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <type_traits>
#include <utility>

namespace carillon {
namespace {

constexpr std::string_view kMakeLock = R"sql(
    INSERT INTO job_state (job, fence, run, owner, lease_until) VALUES (?, ?, ?, ?, ?))sql";

constexpr std::string_view kTakeFreeLock = R"sql(
    UPDATE job_state SET fence = ?, run = ?, owner = ?, lease_until = ?
     WHERE job = ? AND fence = ? AND run IS NULL)sql";

constexpr std::string_view kSetFence = "UPDATE job_state SET fence = ? WHERE job = ? AND fence = ?";

constexpr std::string_view kSelectRun = "SELECT COUNT(*) FROM run WHERE id = ?";

constexpr std::string_view kInsertSlot = R"sql(
    INSERT INTO slot (job, slot_at, ending, reason, run, trigger_name, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?))sql";

constexpr std::string_view kSelectSlot = "SELECT 1 FROM slot WHERE job = ? AND slot_at = ?";

constexpr std::string_view kMove = "UPDATE job_schedule SET next_at = ? WHERE job = ? AND next_at = ?";

constexpr std::string_view kSetNext = "UPDATE job_schedule SET next_at = ? WHERE job = ?";

constexpr std::string_view kDeleteSchedule = "DELETE FROM job_schedule WHERE job = ?";

constexpr std::string_view kInsertSchedule = R"sql(
    INSERT INTO job_schedule (job, plan, next_at, paused, busy, retry_at, retry_slot, retry_attempt, retry_trigger)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))sql";

using Poco::Int64;
using NullableInt64 = Poco::Nullable<Int64>;
using NullableText = Poco::Nullable<std::string>;
using Texts = std::vector<std::string>;
using Numbers = std::vector<Int64>;

NullableInt64 toNullable(const std::optional<TimePoint>& at) {
    return at ? NullableInt64(toMicros(*at)) : NullableInt64();
}

/// One column of the rows: what `read` makes of each.
template <class Rows, class Read>
auto column(const Rows& rows, Read read) {
    std::vector<decltype(read(rows.front()))> values;
    values.reserve(rows.size());
    for (const auto& row : rows) values.push_back(read(row));
    return values;
}

template <class Row, class Condition>
std::vector<Row> filtered(const std::vector<Row>& rows, Condition condition) {
    std::vector<Row> some;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(some), condition);
    return some;
}

std::string jobOf(const RunStart& row) {
    return row.identity.job;
}
std::string jobOf(const RunEnd& row) {
    return row.identity.job;
}
std::string runOf(const RunStart& row) {
    return row.identity.run;
}
std::string runOf(const RunEnd& row) {
    return row.identity.run;
}
Int64 fenceOf(const RunStart& row) {
    return row.identity.fence;
}
Int64 fenceOf(const RunEnd& row) {
    return row.identity.fence;
}

bool isFirst(const RunStart& start) {
    return start.identity.fence == 1;
}

void replaceSchedules(Poco::Data::Session& session, const std::vector<ScheduleRow>& rows) {
    auto jobs = column(rows, [](const auto& row) { return row.job; });
    auto plans = column(rows, [](const auto& row) { return Int64{row.plan}; });
    auto nexts = column(rows, [](const auto& row) { return toNullable(row.next); });
    auto paused = column(rows, [](const auto& row) { return row.paused ? 1 : 0; });
    auto busy = column(rows, [](const auto& row) { return row.busy ? 1 : 0; });
    auto retries = column(
        rows, [](const auto& row) { return row.retry ? NullableInt64(toMicros(row.retry->at)) : NullableInt64(); });
    auto slots = column(
        rows, [](const auto& row) { return row.retry ? NullableInt64(toMicros(row.retry->slot)) : NullableInt64(); });
    auto attempts = column(rows, [](const auto& row) {
        return row.retry ? Poco::Nullable<int>(row.retry->attempt) : Poco::Nullable<int>();
    });
    auto triggers =
        column(rows, [](const auto& row) { return row.retry ? NullableText(row.retry->trigger) : NullableText(); });
    executeRows(session, kDeleteSchedule, jobs);
    executeRows(session, kInsertSchedule, jobs, plans, nexts, paused, busy, retries, slots, attempts, triggers);
}

void insertRun(Poco::Data::Session& session, const RunIdentity& run) {
    execute(session, kInsertRun, run.run, run.job, run.trigger, run.attempt, run.host, Int64{run.fence},
            toMicros(run.scheduledAt), toMicros(run.startedAt));
}

/// The run's row may be gone with the file that it was in.
void endRun(Poco::Data::Session& session, const RunEnd& end) {
    const auto& run = end.identity;
    if (select<Poco::Tuple<int>>(session, kSelectRun, run.run).front().get<0>() == 0) insertRun(session, run);
    finishRun(session, run, end.ending, false);
    execute(session, kFreeLock, run.job, Int64{run.fence}, run.run);
}

}  // namespace

SlotBatch::SlotBatch(const StoreBatch& batch, std::string owner, TimePoint now)
    : _batch(batch), _owner(std::move(owner)), _now(toMicros(now)), _leaseUntil(toMicros(now + kLease)) {}

bool SlotBatch::writeTogether(Poco::Data::Session& session) const {
    try {
        replaceSchedules(session, _batch.rows);
        const Poco::Int64 before = countChanges(session);
        const std::size_t expected = endRuns(session) + takeLocks(session) + moveSchedules(session);
        insertRuns(session);
        insertSlots(session);
        const std::size_t inserted = _batch.starts.size() + _batch.slots.size();
        return countChanges(session) - before == static_cast<Poco::Int64>(expected + inserted);
    } catch (const Poco::Data::SQLite::ConstraintViolationException&) {  // a run or a slot that is there already
        return false;
    }
}

std::size_t SlotBatch::endRuns(Poco::Data::Session& session) const {
    const auto& ends = _batch.ends;
    const auto locked = filtered(ends, [](const auto& end) { return end.exclusive; });
    auto jobs = column(locked, [](const auto& end) { return jobOf(end); });
    auto fences = column(locked, [](const auto& end) { return fenceOf(end); });
    auto runs = column(locked, [](const auto& end) { return runOf(end); });
    executeRows(session, kFreeLock, jobs, fences, runs);

    auto times = column(ends, [](const auto& end) { return toMicros(end.ending.finishedAt); });
    auto outcomes = column(ends, [](const auto& end) { return static_cast<int>(end.ending.outcome); });
    auto messages = column(ends, [](const auto& end) { return end.ending.message; });
    auto reports = column(ends, [](const auto& end) { return end.ending.report; });
    auto allRuns = column(ends, [](const auto& end) { return runOf(end); });
    auto allFences = column(ends, [](const auto& end) { return fenceOf(end); });
    executeRows(session, kFinishRun, times, outcomes, messages, reports, allRuns, allFences);
    return locked.size() + ends.size();
}

std::size_t SlotBatch::takeLocks(Poco::Data::Session& session) const {
    insertLocks(session);
    const auto& starts = _batch.starts;
    const auto locking = filtered(starts, [](const auto& start) { return !isFirst(start) && start.exclusive; });
    auto fences = column(locking, [](const auto& start) { return fenceOf(start); });
    auto runs = column(locking, [](const auto& start) { return runOf(start); });
    Texts owners(locking.size(), _owner);
    Numbers leases(locking.size(), _leaseUntil);
    auto jobs = column(locking, [](const auto& start) { return jobOf(start); });
    auto before = column(locking, [](const auto& start) { return fenceOf(start) - 1; });
    executeRows(session, kTakeFreeLock, fences, runs, owners, leases, jobs, before);

    const auto beside = filtered(starts, [](const auto& start) { return !isFirst(start) && !start.exclusive; });
    auto otherFences = column(beside, [](const auto& start) { return fenceOf(start); });
    auto otherJobs = column(beside, [](const auto& start) { return jobOf(start); });
    auto otherBefore = column(beside, [](const auto& start) { return fenceOf(start) - 1; });
    executeRows(session, kSetFence, otherFences, otherJobs, otherBefore);
    return starts.size();
}

/// Of the jobs that have never run.
void SlotBatch::insertLocks(Poco::Data::Session& session) const {
    const auto firsts = filtered(_batch.starts, [](const auto& start) { return isFirst(start); });
    const auto ifLocking = [](const auto& start, const auto& value) {
        return start.exclusive ? Poco::Nullable(value) : Poco::Nullable<std::decay_t<decltype(value)>>();
    };
    auto jobs = column(firsts, [](const auto& start) { return jobOf(start); });
    auto fences = column(firsts, [](const auto& start) { return fenceOf(start); });
    auto runs = column(firsts, [&](const auto& start) { return ifLocking(start, runOf(start)); });
    auto owners = column(firsts, [&](const auto& start) { return ifLocking(start, _owner); });
    auto leases = column(firsts, [&](const auto& start) { return ifLocking(start, _leaseUntil); });
    executeRows(session, kMakeLock, jobs, fences, runs, owners, leases);
}

void SlotBatch::insertRuns(Poco::Data::Session& session) const {
    const auto& starts = _batch.starts;
    auto runs = column(starts, [](const auto& start) { return runOf(start); });
    auto jobs = column(starts, [](const auto& start) { return jobOf(start); });
    auto triggers = column(starts, [](const auto& start) { return start.identity.trigger; });
    auto attempts = column(starts, [](const auto& start) { return start.identity.attempt; });
    auto hosts = column(starts, [](const auto& start) { return start.identity.host; });
    auto fences = column(starts, [](const auto& start) { return fenceOf(start); });
    auto slots = column(starts, [](const auto& start) { return toMicros(start.identity.scheduledAt); });
    auto times = column(starts, [](const auto& start) { return toMicros(start.identity.startedAt); });
    executeRows(session, kInsertRun, runs, jobs, triggers, attempts, hosts, fences, slots, times);
}

void SlotBatch::insertSlots(Poco::Data::Session& session) const {
    const auto& slots = _batch.slots;
    auto jobs = column(slots, [](const auto& slot) { return slot.job; });
    auto times = column(slots, [](const auto& slot) { return toMicros(slot.slotAt); });
    auto endings = column(slots, [](const auto& slot) { return std::string(nameOf(slot.ending)); });
    auto reasons = column(slots, [](const auto& slot) { return slot.reason; });
    auto runs = column(slots, [](const auto& slot) { return NullableText(slot.run); });
    auto triggers = column(slots, [](const auto& slot) { return slot.trigger; });
    Numbers recorded(slots.size(), _now);
    executeRows(session, kInsertSlot, jobs, times, endings, reasons, runs, triggers, recorded);
}

std::size_t SlotBatch::moveSchedules(Poco::Data::Session& session) const {
    const auto& moves = _batch.moves;
    auto nexts = column(moves, [](const auto& move) { return toNullable(move.to); });
    auto jobs = column(moves, [](const auto& move) { return move.job; });
    auto before = column(moves, [](const auto& move) { return toMicros(move.from); });
    executeRows(session, kMove, nexts, jobs, before);
    return moves.size();
}

std::vector<StartAnswer> SlotBatch::startedAll() const {
    return column(_batch.starts, [](const RunStart& start) { return StartAnswer(Claim{start.identity, {}}); });
}

std::vector<StartAnswer> SlotBatch::writeOneByOne(Poco::Data::Session& session) const {
    replaceSchedules(session, _batch.rows);
    for (const auto& end : _batch.ends) endRun(session, end);
    std::vector<StartAnswer> answers;
    std::set<std::string> refused;  // their slots stay as they are: the caller decides anew
    std::map<std::pair<std::string, std::string>, std::string> renamed;  // by job and run: another run had that name
    for (const auto& run : _batch.starts) {
        answers.push_back(start(session, run));
        if (const auto* claim = std::get_if<Claim>(&answers.back()))
            renamed[{run.identity.job, run.identity.run}] = claim->identity.run;
        else
            refused.insert(run.identity.job);
    }
    for (const auto& slot : _batch.slots) {
        if (refused.contains(slot.job)) continue;
        const auto name = renamed.find({slot.job, slot.run});
        const std::string& run = name == renamed.end() ? slot.run : name->second;
        execute(session, kInsertMissingSlot, slot.job, toMicros(slot.slotAt), std::string(nameOf(slot.ending)),
                slot.reason, run, slot.trigger, _now, slot.job, toMicros(slot.slotAt));
    }
    for (const auto& move : _batch.moves)
        if (!refused.contains(move.job)) execute(session, kSetNext, toNullable(move.to), move.job);
    return answers;
}

StartAnswer SlotBatch::start(Poco::Data::Session& session, const RunStart& start) const {
    const auto& run = start.identity;
    const bool first = run.attempt == 1;
    if (first && !select<Poco::Tuple<int>>(session, kSelectSlot, run.job, toMicros(run.scheduledAt)).empty())
        return SlotTaken{};
    ClaimRequest request{run.job, run.run, run.trigger, run.host, run.attempt, run.scheduledAt};
    request.recordSkip = request.recordSlot = false;
    request.exclusive = start.exclusive;
    auto answer = claimRun(session, request, fromMicros(_now));
    if (auto* claim = std::get_if<Claim>(&answer)) return std::move(*claim);
    return std::get<Holder>(answer);
}

}  // namespace carillon
