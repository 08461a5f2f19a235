#include "store/RunStore.h"

#include "carillon/EmbeddedText.h"
#include "carillon/Migrations.h"
#include "carillon/TransactionScope.h"
#include "store/ProcessIdentity.h"

#include "Poco/Data/SQLite/SQLiteException.h"
#include "Poco/Data/SQLite/SessionImpl.h"
#include "Poco/Data/Statement.h"
#include "Poco/Nullable.h"
#include "Poco/Tuple.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <random>
#include <string_view>
#include <thread>

namespace carillon {

namespace host_schema {
extern const std::vector<EmbeddedText> files;
}

namespace {

constexpr std::string_view kSelectState = R"sql(
    SELECT s.fence, s.run, s.owner, s.lease_until, COALESCE(r.started_at, 0)
      FROM job_state s LEFT JOIN run r ON r.id = s.run
     WHERE s.job = ?)sql";

constexpr std::string_view kInsertState = R"sql(
    INSERT INTO job_state (job, fence) SELECT ?, 0 FROM (SELECT 1 AS one) AS once
     WHERE NOT EXISTS (SELECT 1 FROM job_state WHERE job = ?))sql";

constexpr std::string_view kTakeLock = R"sql(
    UPDATE job_state SET fence = fence + 1, run = ?, owner = ?, lease_until = ?
     WHERE job = ? AND fence = ?)sql";

constexpr std::string_view kRenewLease = R"sql(
    UPDATE job_state SET lease_until = ?
     WHERE job = ? AND fence = ? AND run IS NOT NULL)sql";

constexpr std::string_view kFreeLock = R"sql(
    UPDATE job_state SET run = NULL, owner = NULL, lease_until = NULL
     WHERE job = ? AND fence = ? AND run = ?)sql";

constexpr std::string_view kInsertRun = R"sql(
    INSERT INTO run (id, job, trigger_name, attempt, host, fence, scheduled_at, started_at, message)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ''))sql";

constexpr std::string_view kFinishRun = R"sql(
    UPDATE run SET finished_at = ?, outcome = ?, message = ?, report = ?
     WHERE id = ? AND fence = ? AND outcome IS NULL)sql";

constexpr std::string_view kAbandonRun = R"sql(
    UPDATE run SET finished_at = ?, outcome = ?, message = ?
     WHERE id = ? AND outcome IS NULL)sql";

constexpr std::string_view kInsertSlot = R"sql(
    INSERT INTO slot (job, slot_at, ending, reason, run, trigger_name, recorded_at)
    SELECT ?, ?, ?, ?, ?, ?, ? FROM (SELECT 1 AS one) AS once
     WHERE NOT EXISTS (SELECT 1 FROM slot WHERE job = ? AND slot_at = ?))sql";

constexpr std::string_view kSelectSlots = R"sql(
    SELECT job, slot_at, ending, reason, COALESCE(run, ''), trigger_name, recorded_at FROM slot)sql";

constexpr std::string_view kSelectRuns = R"sql(
    SELECT id, job, trigger_name, attempt, host, fence, scheduled_at, started_at, finished_at, outcome, message, report
      FROM run)sql";

constexpr std::string_view kWithId = " WHERE id = ?";
constexpr std::string_view kSlotsNewestFirst = " ORDER BY slot_at DESC LIMIT ?";
constexpr std::string_view kSlotsOfJobNewestFirst = " WHERE job = ? ORDER BY slot_at DESC LIMIT ?";
constexpr std::string_view kRunsNewestFirst = " ORDER BY started_at DESC, fence DESC LIMIT ?";
constexpr std::string_view kRunsOfJobNewestFirst = " WHERE job = ? ORDER BY started_at DESC, fence DESC LIMIT ?";

constexpr std::string_view kSelectOldestKept = R"sql(
    SELECT started_at, scheduled_at FROM run
     WHERE job = ? ORDER BY started_at DESC LIMIT 1 OFFSET ?)sql";

constexpr std::string_view kDeleteRunsBefore = R"sql(
    DELETE FROM run WHERE job = ? AND started_at < ? AND outcome IS NOT NULL)sql";

constexpr std::string_view kDeleteSlotsBefore = R"sql(
    DELETE FROM slot WHERE job = ? AND slot_at < ?)sql";

constexpr const char* kProcessGone = "ended without a report: its process is gone";
constexpr const char* kLeaseOver = "ended without a report: its host did not renew the lease";
constexpr int kRunIdAttempts = 16;
constexpr std::size_t kOpenTimeoutSeconds = 5;
constexpr std::int64_t kTrimEvery = 100;

using Int64 = Poco::Int64;
template <class Value>
using Nullable = Poco::Nullable<Value>;
using StateTuple = Poco::Tuple<Int64, Nullable<std::string>, Nullable<std::string>, Nullable<Int64>, Int64>;
using RunTuple = Poco::Tuple<std::string, std::string, std::string, int, std::string, Int64, Int64, Int64,
                             Nullable<Int64>, Nullable<int>, std::string, Nullable<std::string>>;
using SlotTuple = Poco::Tuple<std::string, Int64, std::string, std::string, std::string, std::string, Int64>;
using OldestKeptTuple = Poco::Tuple<Int64, Int64>;

Int64 toMicros(TimePoint at) {
    return at.time_since_epoch().count();
}
Int64 toLimit(std::size_t rows) {
    return static_cast<Int64>(std::min<std::size_t>(rows, 1'000'000'000));
}
TimePoint fromMicros(Int64 micros) {
    return TimePoint(std::chrono::microseconds(micros));
}

/// Values are copied, so that the statement's references to them hold.
template <class... Values>
std::size_t execute(Poco::Data::Session& session, std::string_view sql, Values... values) {
    Poco::Data::Statement statement(session);
    statement << std::string(sql);
    (statement.addBind(Poco::Data::Keywords::use(values)), ...);
    return statement.execute();
}

template <class Row, class... Values>
std::vector<Row> select(Poco::Data::Session& session, const std::string& sql, Values... values) {
    std::vector<Row> rows;
    Poco::Data::Statement statement(session);
    statement << sql;
    (statement.addBind(Poco::Data::Keywords::use(values)), ...);
    statement.addExtract(Poco::Data::Keywords::into(rows));
    statement.execute();
    return rows;
}

std::string joined(std::string_view statement, std::string_view clause) {
    return std::string(statement).append(clause);
}

RunRow toRunRow(const RunTuple& row) {
    RunRow run{row.get<0>(),
               row.get<1>(),
               row.get<2>(),
               row.get<3>(),
               row.get<4>(),
               row.get<5>(),
               fromMicros(row.get<6>()),
               fromMicros(row.get<7>()),
               {},
               {},
               row.get<10>(),
               {}};
    if (!row.get<8>().isNull()) run.finishedAt = fromMicros(row.get<8>().value());
    if (!row.get<9>().isNull()) run.outcome = static_cast<Outcome>(row.get<9>().value());
    if (!row.get<11>().isNull()) run.report = row.get<11>().value();
    return run;
}

SlotRow toSlotRow(const SlotTuple& row) {
    return {row.get<0>(), fromMicros(row.get<1>()), row.get<2>(), row.get<3>(), row.get<4>(),
            row.get<5>(), fromMicros(row.get<6>())};
}

template <class Row, class Tuple>
std::vector<Row> converted(const std::vector<Tuple>& tuples, Row (*convert)(const Tuple&)) {
    std::vector<Row> rows;
    rows.reserve(tuples.size());
    for (const auto& tuple : tuples) rows.push_back(convert(tuple));
    return rows;
}

/// What the database said, as the rest of a sentence on the file. Never its own text: that may hold SQL.
std::string faultOf(const Poco::Exception& e) {
    using namespace Poco::Data::SQLite;
    const auto is = [&e]<class... Faults>() { return ((dynamic_cast<const Faults*>(&e) != nullptr) || ...); };
    if (is.operator()<Poco::DataException>()) return e.message();  // of Migrations
    if (is.operator()<DBLockedException, TableLockedException, LockProtocolException>())
        return "is locked by another program; end that program, or try again";
    if (is.operator()<CorruptImageException>())
        return "is not a database, or is damaged; restore it, or move it away: a new one is made, without the history";
    if (is.operator()<DatabaseFullException>()) return "its disk is full; free some space";
    if (is.operator()<ReadOnlyException, DBAccessDeniedException, CantOpenDBFileException>())
        return "cannot be written; give this user write access to it and to its folder";
    if (is.operator()<IOErrorException>()) return "cannot be read or written; check its disk and the free space there";
    return std::string("does not work (") + e.name() +
           "); restore it, or move it away: a new one is made, without the history";
}

template <class Action>
auto guarded(const std::string& file, Action action) {
    try {
        return action();
    } catch (const StoreException&) {
        throw;
    } catch (const Poco::Exception& e) {
        throw StoreException(file + ": " + faultOf(e));
    }
}

/// The path of the store, in a folder that exists. What SQLite would only call an error is told apart here; it would
/// also try for seconds to open a file in a folder that is not there.
std::string preparedFile(const std::string& stateDir) {
    namespace fs = std::filesystem;
    const std::string file = (fs::path(stateDir) / "carillon.db").string();
    const auto refuse = [&file](const std::string& why) { throw StoreException(file + ": " + why); };
    std::error_code error;
    if (!fs::exists(stateDir, error)) {
        fs::create_directories(stateDir, error);
        if (error)
            refuse("its folder cannot be made (" + error.message() + "); make it, or set state.dir to another one");
        fs::permissions(stateDir, fs::perms(0750), error);
    }
    if (!fs::is_directory(stateDir, error)) refuse("its folder is not one; set state.dir to a folder");
    if (::access(stateDir.c_str(), W_OK | X_OK) != 0)
        refuse("its folder cannot be written (" + std::string(std::strerror(errno)) +
               "); give this user write access to it, or set state.dir to another one");
    if (!fs::exists(file, error)) return file;
    if (!fs::is_regular_file(file, error)) refuse("is not a file; move it away, or set state.dir to another folder");
    if (::access(file.c_str(), R_OK | W_OK) != 0)
        refuse("cannot be written (" + std::string(std::strerror(errno)) + "); give this user write access to it");
    return file;
}

Poco::Data::Session connected(const std::string& file) {
    return guarded(file, [&file] {
        return Poco::Data::Session(
            Poco::AutoPtr<Poco::Data::SessionImpl>(new Poco::Data::SQLite::SessionImpl(file, kOpenTimeoutSeconds)));
    });
}

struct JobState {
    Int64 fence = 0;
    std::string run{};  ///< Empty: the lock is free.
    ProcessIdentity owner{};
    TimePoint leaseUntil{};
    TimePoint since{};
};

JobState readState(Poco::Data::Session& session, const std::string& job) {
    const auto rows = select<StateTuple>(session, std::string(kSelectState), job);
    if (rows.empty()) {
        execute(session, kInsertState, job, job);
        return {};
    }
    const auto& row = rows.front();
    JobState state;
    state.fence = row.get<0>();
    if (row.get<1>().isNull()) return state;
    state.run = row.get<1>().value();
    state.owner = ProcessIdentity::parse(row.get<2>().value("")).value_or(ProcessIdentity{});
    state.leaseUntil = fromMicros(row.get<3>().value(0));
    state.since = fromMicros(row.get<4>());
    return state;
}

std::optional<RunRow> readRun(Poco::Data::Session& session, const std::string& id) {
    const auto rows = select<RunTuple>(session, joined(kSelectRuns, kWithId), id);
    return rows.empty() ? std::nullopt : std::optional(toRunRow(rows.front()));
}

/// Returns the instant under which the slot is recorded. A further attempt has its row already, which is left alone.
TimePoint recordSlot(Poco::Data::Session& session, const ClaimRequest& request, const std::string& ending,
                     const std::string& reason, const std::string& run, TimePoint now) {
    for (TimePoint at = request.scheduledAt;; at += std::chrono::microseconds(1)) {
        const auto inserted = execute(session, kInsertSlot, request.job, toMicros(at), ending, reason, run,
                                      request.trigger, toMicros(now), request.job, toMicros(at));
        if (inserted != 0 || request.attempt > 1) return at;
    }
}

std::string freeRunId(Poco::Data::Session& session, std::string id, TimePoint at) {
    for (int i = 0; i < kRunIdAttempts; ++i) {
        if (!id.empty() && !readRun(session, id)) return id;
        id = RunStore::newRunId(at);
    }
    throw Poco::DataException("has no free id for a run started now; try again");
}

/// The end of a run whose process did not record it.
std::optional<RunRow> abandon(Poco::Data::Session& session, const std::string& run, Liveness liveness, TimePoint now) {
    const std::string message = liveness == Liveness::Gone ? kProcessGone : kLeaseOver;
    execute(session, kAbandonRun, toMicros(now), static_cast<int>(Outcome::Failed), message, run);
    return readRun(session, run);
}

void trim(Poco::Data::Session& session, const std::string& job) {
    const auto oldest =
        select<OldestKeptTuple>(session, std::string(kSelectOldestKept), job, Int64{RunStore::kKeptRuns - 1});
    if (oldest.empty()) return;
    execute(session, kDeleteRunsBefore, job, Int64{oldest.front().get<0>()});
    execute(session, kDeleteSlotsBefore, job, Int64{oldest.front().get<1>()});
}

}  // namespace

RunStore::RunStore(const std::string& stateDir, const Clock& clock, std::chrono::milliseconds patience)
    : _clock(clock), _file(preparedFile(stateDir)), _session(connected(_file)) {
    guarded(_file, [&] { open(patience); });
}

void RunStore::open(std::chrono::milliseconds patience) {
    execute(_session, "PRAGMA busy_timeout = " + std::to_string(patience.count()));
    // SQLite refuses the change to WAL at once, without that wait, while another process makes the same new file.
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (bool done = false; !done;) {
        try {
            execute(_session, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
            done = true;
        } catch (const Poco::Data::SQLite::DBLockedException&) {
            if (std::chrono::steady_clock::now() >= deadline) throw;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
    Migrations(host_schema::files, "host_migration").apply(_session, _clock);
}

std::variant<Claim, Holder> RunStore::claim(const ClaimRequest& request) {
    return guarded(_file, [&] {
        TransactionScope transaction(_session);
        auto result = claimLock(request);
        transaction.commit();
        return result;
    });
}

std::variant<Claim, Holder> RunStore::claimLock(const ClaimRequest& request) {
    const TimePoint now = _clock.now();
    const auto self = ProcessIdentity::ofThisProcess(request.host);
    const JobState state = readState(_session, request.job);
    Claim claim;
    if (!state.run.empty()) {
        const auto liveness = livenessOf(state.owner, self);
        if (liveness == Liveness::Alive || (liveness == Liveness::Unknown && now < state.leaseUntil)) {
            if (request.recordSkip) recordSlot(_session, request, "skipped", "overlap", state.run, now);
            return Holder{state.run, state.owner.host, state.owner.pid, state.since};
        }
        claim.abandoned = abandon(_session, state.run, liveness, now);
    }
    RunIdentity& run = claim.identity;
    run = {request.job, freeRunId(_session, request.run, now), request.trigger, request.host, request.attempt};
    run.fence = state.fence + 1;
    run.startedAt = now;
    run.scheduledAt = recordSlot(_session, request, "ran", "", run.run, now);
    execute(_session, kInsertRun, run.run, run.job, run.trigger, run.attempt, run.host, Int64{run.fence},
            toMicros(run.scheduledAt), toMicros(now));
    // Invariant: one row. The transaction keeps others out, and the fence is the one that was read in it.
    if (execute(_session, kTakeLock, run.run, self.toText(), toMicros(now + kLease), run.job, state.fence) != 1)
        throw Poco::DataException("the lock of " + run.job + " changed hands while it was taken; try again");
    return claim;
}

bool RunStore::renewLease(const std::string& job, std::int64_t fence) {
    return guarded(
        _file, [&] { return execute(_session, kRenewLease, toMicros(_clock.now() + kLease), job, Int64{fence}) != 0; });
}

bool RunStore::finish(const RunIdentity& identity, const RunEnding& ending) {
    return guarded(_file, [&] {
        TransactionScope transaction(_session);
        const Int64 fence = identity.fence;
        if (execute(_session, kFreeLock, identity.job, fence, identity.run) == 0) return false;
        if (execute(_session, kFinishRun, toMicros(ending.finishedAt), static_cast<int>(ending.outcome), ending.message,
                    ending.report, identity.run, fence) == 0)
            return false;
        if (fence % kTrimEvery == 0) trim(_session, identity.job);
        transaction.commit();
        return true;
    });
}

std::vector<RunRow> RunStore::history(const std::optional<std::string>& job, std::size_t limit) {
    return guarded(_file, [&] {
        const Int64 rows = toLimit(limit);
        return converted<RunRow>(
            job ? select<RunTuple>(_session, joined(kSelectRuns, kRunsOfJobNewestFirst), *job, rows)
                : select<RunTuple>(_session, joined(kSelectRuns, kRunsNewestFirst), rows),
            toRunRow);
    });
}

std::vector<SlotRow> RunStore::ledger(const std::optional<std::string>& job, std::size_t limit) {
    return guarded(_file, [&] {
        const Int64 rows = toLimit(limit);
        return converted<SlotRow>(
            job ? select<SlotTuple>(_session, joined(kSelectSlots, kSlotsOfJobNewestFirst), *job, rows)
                : select<SlotTuple>(_session, joined(kSelectSlots, kSlotsNewestFirst), rows),
            toSlotRow);
    });
}

std::optional<RunRow> RunStore::run(const std::string& id) {
    return guarded(_file, [&] { return readRun(_session, id); });
}

std::optional<RunRow> RunStore::lastRun(const std::string& job) {
    const auto rows = history(job, 1);
    return rows.empty() ? std::nullopt : std::optional(rows.front());
}

std::string RunStore::newRunId(TimePoint at) {
    constexpr std::string_view digits = "0123456789abcdef";
    const std::string time = toRfc3339(at);  // 2026-11-22T10:32:23.000Z
    std::string id = time.substr(0, 4) + time.substr(5, 2) + time.substr(8, 2) + '-' + time.substr(11, 2) +
                     time.substr(14, 2) + time.substr(17, 2) + '-';
    std::random_device random;
    for (unsigned bits = random(), i = 0; i < 4; ++i, bits >>= 4) id += digits[bits & 15];
    return id;
}

}  // namespace carillon
