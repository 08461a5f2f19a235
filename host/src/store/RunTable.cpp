#include "store/RunTable.h"

#include "shared/FoldedText.h"
#include "store/Sql.h"

#include "Poco/Ascii.h"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace carillon {
namespace {

constexpr std::string_view kInsertRun = R"sql(
    INSERT INTO run (id, job, trigger_name, attempt, host, fence, scheduled_at, started_at, message)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ''))sql";

constexpr std::string_view kEndRun = R"sql(
    UPDATE run SET finished_at = ?, outcome = ?, message = ?, report = ?, french = ?
     WHERE id = ? AND fence = ? AND outcome IS NULL)sql";

constexpr std::string_view kBeginLater = R"sql(
    UPDATE run SET started_at = ? WHERE id = ? AND fence = ? AND outcome IS NULL)sql";

constexpr std::string_view kFailRun = R"sql(
    UPDATE run SET finished_at = ?, outcome = ?, message = ?
     WHERE id = ? AND outcome IS NULL)sql";

constexpr std::string_view kSelectUnfinished = R"sql(
    SELECT r.id, r.job, r.fence, COALESCE(s.owner, '') FROM run r LEFT JOIN job_state s ON s.run = r.id AND s.job = r.job
     WHERE r.outcome IS NULL AND r.host = ?)sql";

const std::string kSelectRuns = R"sql(
    SELECT id, job, trigger_name, attempt, host, fence, scheduled_at, started_at, finished_at, outcome, message, report
      FROM run)sql";

constexpr std::string_view kSelectFigures = "SELECT id, job, started_at, finished_at, outcome, trigger_name FROM run";
constexpr std::string_view kFigures = " AND started_at >= ? AND started_at < ? ORDER BY started_at DESC LIMIT ?";

constexpr std::string_view kGoingOn = R"sql(
     WHERE started_at >= ? AND started_at < ? AND (finished_at > ? OR finished_at IS NULL) ORDER BY started_at DESC)sql";
constexpr std::string_view kSelectFloor = R"sql(
    SELECT started_at FROM run WHERE started_at < ? ORDER BY started_at DESC LIMIT 1 OFFSET ?)sql";

// Runs that began at one instant are told apart by their fences, and where they share one by their ids.
constexpr std::string_view kNewestFirst = " ORDER BY started_at DESC, fence DESC, id DESC LIMIT ?";

// Its index has these only, with all that is looked at of them but a code; see 009_french.sql.
constexpr const char* kUnusualRun = "(outcome > 1 OR trigger_name <> 'schedule')";

using Poco::Int64;
using RunTuple = Poco::Tuple<std::string, std::string, std::string, int, std::string, Int64, Int64, Int64,
                             NullableInt64, Poco::Nullable<int>, std::string, NullableText>;
using UnfinishedTuple = Poco::Tuple<std::string, std::string, Int64, std::string>;

using FigureTuple = Poco::Tuple<std::string, std::string, Int64, NullableInt64, Poco::Nullable<int>, std::string>;

RunFigure toFigure(const FigureTuple& row) {
    RunFigure figure{row.get<0>(), row.get<1>(), fromMicros(row.get<2>()), {}, {}, triggerOf(row.get<5>())};
    if (!row.get<3>().isNull()) figure.finishedAt = fromMicros(row.get<3>().value());
    if (!row.get<4>().isNull()) figure.outcome = static_cast<Outcome>(row.get<4>().value());
    return figure;
}

RunRow toRunRow(const RunTuple& row) {
    RunRow run{row.get<0>(),
               row.get<1>(),
               triggerOf(row.get<2>()),
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

template <class... Values>
std::vector<RunRow> selectRuns(Poco::Data::Session& session, const std::string& condition, const Values&... values) {
    return column(select<RunTuple>(session, kSelectRuns + condition, values...), toRunRow);
}

bool isUnusual(int outcome, std::string_view trigger) {
    return outcome > static_cast<int>(Outcome::NothingToDo) || trigger != nameOf(Trigger::Schedule);
}

/// Names and numbers of this program's own; what people typed is bound.
std::string isTrigger(std::string_view name) {
    return "trigger_name = '" + std::string(name) + '\'';
}

/// Such as PLUGIN.run.done.
bool mayBeCode(const std::string& text) {
    const auto isOfCode = [](char c) { return Poco::Ascii::isAlphaNumeric(c) || c == '_' || c == '-' || c == '.'; };
    return text.find('.') != std::string::npos && std::all_of(text.begin(), text.end(), isOfCode);
}

/// What is wanted beside job and time; empty: all of it. The text is parameter 5 of the statement.
std::string restOf(const RunQuery& query) {
    std::string rest;
    const auto add = [&rest](const std::string& condition) { rest += " AND " + condition; };
    if (query.running) add("outcome IS NULL");
    if (query.outcome) add("outcome = " + std::to_string(static_cast<int>(*query.outcome)));
    if (query.trigger) add(isTrigger(nameOf(*query.trigger)));
    if (query.ownWork) add("NOT " + isTrigger(nameOf(Trigger::Replay)));
    if (query.longer.count() != 0)
        add("COALESCE(finished_at, " + std::to_string(toMicros(query.now)) +
            ") - started_at >= " + std::to_string(query.longer.count()));
    if (mayBeCode(query.text))
        add("(has_message(?5, message, french) OR has_code(?5, report))");
    else if (!query.text.empty())
        add("has_message(?5, message, french)");
    return rest;
}

/// By outcome and trigger where these are wanted and an index has them, which is of no use for one job; what is left is
/// along all runs. Invariant: a row is in one walk, and in no other.
std::vector<Walk> walksOf(const RunQuery& query) {
    const std::string rest = restOf(query);
    if (!query.job.empty()) return {{"job = ?", rest, true}};
    if (!query.outcome && !query.trigger) return {{"'' = ?", rest}};
    std::vector<Walk> walks;
    std::string others;
    RunQuery within = query;
    within.outcome.reset();
    within.trigger.reset();
    const std::string further = restOf(within);
    for (int outcome = 0; outcome < static_cast<int>(kEnumNames<Outcome>.size()); ++outcome)
        for (const auto trigger : kEnumNames<Trigger>) {
            if (query.outcome && static_cast<int>(*query.outcome) != outcome) continue;
            if (query.trigger && nameOf(*query.trigger) != trigger) continue;
            const std::string which = "outcome = " + std::to_string(outcome) + " AND " + isTrigger(trigger);
            if (isUnusual(outcome, trigger))
                walks.push_back(
                    {std::string("'' = ? AND ") + kUnusualRun + " AND " + which, further, mayBeCode(query.text)});
            else
                others += (others.empty() ? "" : " OR ") + ("(" + which + ")");
        }
    if (!query.outcome) others += std::string(others.empty() ? "" : " OR ") + "outcome IS NULL";
    if (!others.empty()) walks.push_back({"'' = ?", " AND (" + others + ")" + rest});
    return walks;
}

bool isNewer(const RunRow& a, const RunRow& b) {
    return std::tie(b.startedAt, b.fence, b.id) < std::tie(a.startedAt, a.fence, a.id);
}

}  // namespace

void insertRuns(Poco::Data::Session& session, const std::vector<RunStart>& starts) {
    const auto each = [&starts](auto member) {
        return column(starts, [member](const RunStart& start) { return start.identity.*member; });
    };
    executeRows(session, kInsertRun, each(&RunIdentity::run), each(&RunIdentity::job),
                column(starts, [](const auto& start) { return std::string(nameOf(start.identity.trigger)); }),
                each(&RunIdentity::attempt), each(&RunIdentity::host),
                column(starts, [](const auto& start) { return Int64{start.identity.fence}; }),
                column(starts, [](const auto& start) { return toMicros(start.identity.scheduledAt); }),
                column(starts, [](const auto& start) { return toMicros(start.identity.startedAt); }));
}

namespace {

/// Apart from the ends: the time stands in indexes, and few have another than when they were claimed.
void beginLater(Poco::Data::Session& session, const std::vector<RunEnd>& ends) {
    for (const RunEnd& end : ends)
        if (end.waited)
            execute(session, kBeginLater, toMicros(end.identity.startedAt), end.identity.run,
                    Int64{end.identity.fence});
}

}  // namespace

std::size_t endRuns(Poco::Data::Session& session, const std::vector<RunEnd>& ends) {
    beginLater(session, ends);
    return executeRows(session, kEndRun, column(ends, [](const auto& end) { return toMicros(end.ending.finishedAt); }),
                       column(ends, [](const auto& end) { return static_cast<int>(end.ending.outcome); }),
                       column(ends, [](const auto& end) { return end.ending.message; }),
                       column(ends, [](const auto& end) { return end.ending.report; }),
                       column(ends,
                              [](const auto& end) {
                                  const auto& french = end.ending.french;
                                  return french.empty() ? NullableText() : NullableText(french);
                              }),
                       column(ends, [](const auto& end) { return end.identity.run; }),
                       column(ends, [](const auto& end) { return Int64{end.identity.fence}; }));
}

void failRun(Poco::Data::Session& session, const std::string& run, const std::string& message, TimePoint now) {
    execute(session, kFailRun, toMicros(now), static_cast<int>(Outcome::Failed), message, run);
}

std::vector<RunFigure> readRunFigures(Poco::Data::Session& session, const std::string& job, TimePoint from,
                                      TimePoint until, std::size_t limit) {
    const std::string which = job.empty() ? " WHERE ? = ''" : " WHERE job = ?";
    return column(select<FigureTuple>(session, std::string(kSelectFigures) + which + std::string(kFigures), job,
                                      toMicros(from), toMicros(until), static_cast<Int64>(limit)),
                  toFigure);
}

Found<RunFigure> readRunsGoingOn(Poco::Data::Session& session, TimePoint at, std::chrono::hours surely,
                                 std::size_t most) {
    Found<RunFigure> found;
    // No index leads to what was going on: what began before is looked through, from the newest on.
    const auto floor = select<Poco::Tuple<Int64>>(session, kSelectFloor, toMicros(at), static_cast<Int64>(most));
    if (!floor.empty()) found.lookedBackTo = std::min(fromMicros(floor.front().get<0>()), at - surely);
    const auto since = found.lookedBackTo.value_or(TimePoint{});
    found.rows = column(select<FigureTuple>(session, std::string(kSelectFigures) + std::string(kGoingOn),
                                            toMicros(since), toMicros(at), toMicros(at)),
                        toFigure);
    return found;
}

std::optional<RunRow> readRun(Poco::Data::Session& session, const std::string& id) {
    const auto rows = selectRuns(session, " WHERE id = ?", id);
    return rows.empty() ? std::nullopt : std::optional(rows.front());
}

Found<RunRow> searchRuns(Poco::Data::Session& session, const RunQuery& query) {
    RunRow last;
    last.startedAt = query.until;
    Stretch stretch{"run", "started_at", query.since, query.until};
    if (!query.after.empty()) {
        const auto row = readRun(session, query.after);
        if (!row || (!query.job.empty() && row->job != query.job)) return {};
        if (row->startedAt < query.until) {
            last = *row;
            stretch.until = last.startedAt + std::chrono::microseconds(1);
        }
    }
    const auto most = static_cast<Int64>(query.limit);  // below 0, and so without an end, when it is huge
    const std::string word = folded(query.text);
    const auto read = [&](const Walk& walk, const Stretch& within) {
        const std::string condition = " WHERE " + walk.path + " AND " + within.within() +
                                      " AND (started_at, fence, id) < (?, ?, ?)" + walk.rest +
                                      std::string(kNewestFirst);
        const auto at = toMicros(last.startedAt);
        return query.text.empty()
                   ? selectRuns(session, condition, query.job, at, Int64{last.fence}, last.id, most)
                   : selectRuns(session, condition, query.job, at, Int64{last.fence}, last.id, word, most);
    };
    return searchWalks<RunRow>(
        session, walksOf(query), stretch, query.job, query.limit, query.mostLookedAt, read,
        [](const RunRow& run) { return run.startedAt; }, isNewer);
}

std::vector<RunRow> readRuns(Poco::Data::Session& session, TimePoint startedSince) {
    return selectRuns(session, " WHERE started_at >= ? ORDER BY started_at, id", toMicros(startedSince));
}

std::vector<RunRow> readAttempts(Poco::Data::Session& session, const std::string& job, TimePoint slot) {
    // A run begins with its head start, never long before its slot; the index is by its start.
    auto runs = selectRuns(session,
                           " WHERE job = ? AND started_at >= ? AND started_at < ? AND scheduled_at = ?"
                           " AND trigger_name <> 'backfill' ORDER BY started_at, id LIMIT 100",
                           job, toMicros(slot - std::chrono::seconds(1)), toMicros(slot + std::chrono::days(7)),
                           toMicros(slot));
    const auto later = selectRuns(session,
                                  " WHERE job = ? AND scheduled_at = ? AND trigger_name = 'backfill'"
                                  " ORDER BY started_at, id LIMIT 100",
                                  job, toMicros(slot));
    runs.insert(runs.end(), later.begin(), later.end());
    return runs;
}

std::vector<UnfinishedRun> readUnfinished(Poco::Data::Session& session, const std::string& host) {
    return column(select<UnfinishedTuple>(session, kSelectUnfinished, host), [](const UnfinishedTuple& row) {
        UnfinishedRun run{{}, row.get<3>()};
        run.identity.run = row.get<0>();
        run.identity.job = row.get<1>();
        run.identity.fence = row.get<2>();
        return run;
    });
}

}  // namespace carillon
