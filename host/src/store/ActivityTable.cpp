#include "store/ActivityTable.h"

#include "store/RunTable.h"
#include "store/Sql.h"
#include "words/HostTexts.h"

#include <limits>
#include <string_view>

namespace carillon {
namespace {

// Among the newest rows, so that it takes no longer with more of them.
constexpr std::string_view kSelectRefusal = R"sql(
    SELECT COALESCE(MAX(id), 0) FROM activity
     WHERE id > ? AND actor_kind = ? AND actor = ? AND behind = ? AND via = ? AND address = ? AND what = ? AND job = ?
       AND subject = ? AND outcome = 'refused' AND at > ?)sql";
constexpr Poco::Int64 kLookedAt = 1'000;

constexpr std::string_view kCountRefusal = "UPDATE activity SET times = times + ?, last_at = ? WHERE id = ?";

constexpr std::string_view kInsert = R"sql(
    INSERT INTO activity (at, last_at, times, actor_kind, actor, behind, via, address, what, job, subject, note,
                          outcome, reason)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql";

constexpr std::string_view kNewestId = "SELECT COALESCE(MAX(id), 0) FROM activity";

const std::string kSelect = R"sql(
    SELECT id, at, last_at, times, actor_kind, actor, behind, via, address, what, job, subject, note, outcome, reason
      FROM activity WHERE id < ? AND at >= ? AND at < ?)sql";

constexpr std::string_view kDeleteOlder = "DELETE FROM activity WHERE at < ?";

constexpr std::string_view kSelectLast = "SELECT id FROM activity ORDER BY id DESC LIMIT 1 OFFSET ?";
constexpr std::string_view kDeleteUpTo = "DELETE FROM activity WHERE id <= ?";

constexpr std::string_view kSelectLastOfKind =
    "SELECT id FROM activity WHERE actor_kind = ? ORDER BY id DESC LIMIT 1 OFFSET ?";
constexpr std::string_view kDeleteUpToOfKind = "DELETE FROM activity WHERE actor_kind = ? AND id <= ?";

using Poco::Int64;
using ActivityTuple =
    Poco::Tuple<Int64, Int64, Int64, Int64, std::string, std::string, std::string, std::string, std::string,
                std::string, std::string, std::string, std::string, std::string, std::string>;

constexpr std::chrono::minutes kTogether{1};

template <class Enum>
std::string textOf(Enum value) {
    return std::string(nameOf(value));
}

/// Before JSON.
constexpr char kCoded = '\x1f';

std::string storedText(const Message& message) {
    return message.code.empty() ? message.text : kCoded + toJson(message);
}

Message messageFrom(const std::string& stored) {
    if (stored.empty() || stored.front() != kCoded) return stored;
    try {
        return fromJson<Message>(std::string_view(stored).substr(1));
    } catch (const Poco::DataFormatException&) {  // of another version
        return stored.substr(1);
    }
}

/// A replay or dismissal that was begun is as its run is.
void tellEnd(Poco::Data::Session& session, Activity& activity) {
    const bool isOfItems = activity.what == Act::Replay || activity.what == Act::Dismiss;
    if (!isOfItems || activity.outcome != ActOutcome::Done || activity.subject.empty()) return;
    const auto run = readRun(session, activity.subject);
    const bool isOver = run && run->outcome;
    if (isOver && (run->outcome == Outcome::Succeeded || run->outcome == Outcome::NothingToDo)) return;
    activity.outcome = isOver ? ActOutcome::Failed : ActOutcome::Begun;
    if (isOver) activity.reason = messageOf(*run);
    if (!run) activity.reason = sayHost("act.forgotten");
}

Int64 newestId(Poco::Data::Session& session) {
    return select<Poco::Tuple<Int64>>(session, kNewestId).front().get<0>();
}

/// False: there is none to count it in.
bool countRefusal(Poco::Data::Session& session, const Activity& one) {
    const Actor& actor = one.actor;
    const Int64 id =
        select<Poco::Tuple<Int64>>(session, kSelectRefusal, newestId(session) - kLookedAt, textOf(actor.kind),
                                   actor.name, actor.behind, textOf(actor.via), actor.address, textOf(one.what),
                                   one.job, one.subject, toMicros(one.at - kTogether))
            .front()
            .get<0>();
    return id != 0 && execute(session, kCountRefusal, Int64{one.times}, toMicros(one.lastAt), id) != 0;
}

void deleteBeyond(Poco::Data::Session& session, ActorKind kind, std::int64_t rows) {
    for (const auto& last : select<Poco::Tuple<Int64>>(session, kSelectLastOfKind, textOf(kind), Int64{rows}))
        execute(session, kDeleteUpToOfKind, textOf(kind), last.get<0>());
}

/// Nothing: it is another version's.
std::optional<Activity> activityOf(const ActivityTuple& row) {
    const auto kind = enumOf<ActorKind>(row.get<4>());
    const auto via = enumOf<ActVia>(row.get<7>());
    const auto what = enumOf<Act>(row.get<9>());
    const auto outcome = enumOf<ActOutcome>(row.get<13>());
    if (!kind || !via || !what || !outcome) return std::nullopt;
    return Activity{row.get<0>(),
                    fromMicros(row.get<1>()),
                    fromMicros(row.get<2>()),
                    row.get<3>(),
                    {*kind, row.get<5>(), row.get<6>(), *via, row.get<8>()},
                    *what,
                    row.get<10>(),
                    row.get<11>(),
                    messageFrom(row.get<12>()),
                    *outcome,
                    messageFrom(row.get<14>())};
}

}  // namespace

std::int64_t insertActivity(Poco::Data::Session& session, const Activity& one) {
    if (!one.isRefused() || !countRefusal(session, one)) {
        const Actor& actor = one.actor;
        execute(session, kInsert, toMicros(one.at), toMicros(one.lastAt), Int64{one.times}, textOf(actor.kind),
                actor.name, actor.behind, textOf(actor.via), actor.address, textOf(one.what), one.job, one.subject,
                storedText(one.note), textOf(one.outcome), storedText(one.reason));
    }
    return newestId(session);
}

std::vector<Activity> readActivity(Poco::Data::Session& session, const ActivityQuery& query) {
    const Int64 before = query.before > 0 ? Int64{query.before} : std::numeric_limits<Int64>::max();
    const Int64 since = query.since ? toMicros(*query.since) : 0;
    const Int64 until = query.until ? toMicros(*query.until) : std::numeric_limits<Int64>::max();
    const auto limit = static_cast<Int64>(query.limit);
    // A condition that is always true would have its index used for nothing.
    const std::string job =
        query.job.empty() ? " AND '' = ? AND '' = ?" : " AND (job = ? OR (instr(job, '*') > 0 AND ? GLOB job))";
    const std::string by = query.by.empty() ? " AND '' = ? AND '' = ? AND '' = ?"
                                            : " AND (actor = ? OR behind = ? OR (actor = '' AND actor_kind = ?))";
    const std::string what = query.what ? " AND what = ?" : " AND '' = ?";
    std::vector<Activity> found;
    for (const auto& row : select<ActivityTuple>(session, kSelect + job + by + what + " ORDER BY id DESC LIMIT ?",
                                                 before, since, until, query.job, query.job, query.by, query.by,
                                                 query.by, query.what ? textOf(*query.what) : "", limit))
        if (auto activity = activityOf(row)) found.push_back(std::move(*activity));
    for (auto& activity : found) tellEnd(session, activity);
    return found;
}

void trimActivity(Poco::Data::Session& session, const ActivityKeeping& keeping, TimePoint now) {
    execute(session, kDeleteOlder, toMicros(now - keeping.span));
    deleteBeyond(session, ActorKind::Token, keeping.rowsOfTokens);
    deleteBeyond(session, ActorKind::Nobody, keeping.rowsOfNobody);
    for (const auto& last : select<Poco::Tuple<Int64>>(session, kSelectLast, Int64{keeping.rows}))
        execute(session, kDeleteUpTo, last.get<0>());
}

}  // namespace carillon
