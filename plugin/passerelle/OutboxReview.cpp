#include "OutboxReview.h"

#include "AgoraTime.h"
#include "BulkInsert.h"
#include "ServerNeeds.h"

#include "carillon/data/TransactionScope.h"
#include "shared/CrashPoint.h"

#include "Poco/Exception.h"
#include "Poco/Nullable.h"
#include "Poco/Tuple.h"

#include <algorithm>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Statement;

// A dismissal can be taken back. Those of this run it has planned itself, by a commit whose answer was lost.
constexpr const char* kReplayable = R"sql(
    SELECT id FROM passerelle_outbox
     WHERE (state IN ('aside', 'dismissed') OR (state = 'planned' AND run = ?)) AND kind IN ()sql";
constexpr const char* kPlanAnew = R"sql(
    UPDATE passerelle_outbox SET state = 'planned', due_at = ?, attempts = 0, reason = NULL, detail = NULL, run = ?,
           dismissal = NULL, dismissed_by = NULL, dismissed_at = NULL
     WHERE id IN ()sql";
// Where the state is 'sending', its run has left it.
constexpr const char* kStanding = R"sql(
    SELECT CASE WHEN state = 'planned' THEN 'planned' ELSE 'aside' END, COUNT(*),
           COALESCE(SUBSTR(MIN(created_at), 1, 19), '')
      FROM passerelle_outbox WHERE (state IN ('planned', 'aside') OR )sql";
constexpr const char* kAside = R"sql(
    SELECT id, SUBSTR(created_at, 1, 19), kind, campaign_id, COALESCE(user_id, 0),
           CASE WHEN state = 'sending' THEN 'uncertain' ELSE COALESCE(reason, '') END, COALESCE(detail, ''), run, state,
           CASE WHEN state = 'sending' OR perhaps_sent_at IS NOT NULL THEN 1 ELSE 0 END
      FROM passerelle_outbox
     WHERE id > ? AND (? = '' OR CASE WHEN state = 'sending' THEN 'uncertain' ELSE reason END = ?) AND created_at < ?
       AND (state = 'aside' OR )sql";
constexpr const char* kNeverSent = R"sql(
    SELECT id FROM passerelle_outbox WHERE state = 'aside' AND perhaps_sent_at IS NULL AND kind IN ()sql";
// A reminder, or a decision, can be due again as long as nobody has used the token; an alert, until the campaign has
// run its course: it may be edited and handed in once more. A reject waits for a person, however long.
constexpr const char* kOldMails = R"sql(
    SELECT id FROM passerelle_outbox
     WHERE state IN ('sent', 'dropped', 'dismissed') AND created_at < ?
       AND NOT EXISTS (SELECT 1 FROM validation_tokens t WHERE t.id = passerelle_outbox.token_id AND t.used_at IS NULL)
       AND (kind <> 'deadline' OR NOT EXISTS (SELECT 1 FROM campaigns c WHERE c.id = passerelle_outbox.campaign_id
             AND c.statut NOT IN ('publiee', 'archivee')))
       AND kind IN ()sql";
constexpr const char* kDeleteMails = "DELETE FROM passerelle_outbox WHERE id IN (";

using Text = std::string;
using NullableText = Poco::Nullable<std::string>;

std::string whatOf(std::string_view kind, std::int64_t campaign, std::int64_t user) {
    return std::string(kind) + ", campaign " + std::to_string(campaign) +
           (user == 0 ? ", creator" : ", user " + std::to_string(user));
}

}  // namespace

OutboxCounts OutboxReview::count(std::span<const MailKind> kinds, const AbandonedBounds& bounds) {
    using Found = Poco::Tuple<Text, std::int64_t, Text>;
    OutboxCounts counts;
    _session.withRetries("count the mails", [&] {
        std::vector<Found> rows;
        _session.forTransaction() << kStanding + isAbandoned(bounds) + ") AND kind IN (" + kindList(kinds) +
                                         " GROUP BY CASE WHEN state = 'planned' THEN 'planned' ELSE 'aside' END",
            into(rows), now;
        counts = {};
        for (const auto& row : rows) {
            const bool isPlanned = row.get<0>() == "planned";
            (isPlanned ? counts.waiting : counts.aside) = row.get<1>();
            if (isPlanned) counts.oldest = parseUtcText(row.get<2>());
        }
    });
    return counts;
}

std::vector<std::int64_t> OutboxReview::neverSent(std::span<const MailKind> kinds, std::size_t limit) {
    std::vector<std::int64_t> ids;
    _session.withRetries("read the mails that were put aside", [&] {
        ids.clear();
        auto most = static_cast<std::int64_t>(limit);
        _session.forTransaction() << kNeverSent + kindList(kinds) + " ORDER BY id LIMIT ?", use(most), into(ids), now;
    });
    return ids;
}

std::vector<carillon::Reject> OutboxReview::aside(std::span<const MailKind> kinds, const carillon::RejectQuery& query,
                                                  const AbandonedBounds& bounds) {
    using Found =
        Poco::Tuple<std::int64_t, Text, Text, std::int64_t, std::int64_t, Text, Text, NullableText, Text, std::int64_t>;
    std::vector<Found> rows;
    _session.withRetries("read the mails that were put aside", [&] {
        rows.clear();
        std::int64_t after = query.after;
        std::int64_t limit = static_cast<std::int64_t>(query.limit);
        std::string reason = query.reason;
        std::string sameReason = reason;
        const bool anyAge = query.receivedBefore == carillon::TimePoint{};
        std::string before = anyAge ? "9999-12-31 23:59:59" : utcText(query.receivedBefore);
        _session.forTransaction() << kAside + isAbandoned(bounds) + ") AND kind IN (" + kindList(kinds) +
                                         " ORDER BY id LIMIT ?",
            use(after), use(reason), use(sameReason), use(before), use(limit), into(rows), now;
    });
    std::vector<carillon::Reject> rejects;
    for (const auto& row : rows) {
        Message detail = row.get<8>() == "sending" ? abandonedMail() : mailDetail(row.get<6>());
        if (row.get<9>() != 0) detail = withSemicolon(std::move(detail), say("mails.second"));
        rejects.push_back({row.get<0>(), parseUtcText(row.get<1>()).value_or(carillon::TimePoint{}),
                           whatOf(row.get<2>(), row.get<3>(), row.get<4>()), row.get<5>(), std::move(detail),
                           row.get<7>().value("")});
    }
    return rejects;
}

/// Invariant: one transaction sees each of them put aside, under a lock, and plans them all: no other run finds some of
/// them planned where this one refuses the rest.
std::vector<OutboxMail> OutboxReview::planAnew(std::span<const MailKind> kinds, std::vector<std::int64_t> ids,
                                               const std::string& run) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    _session.withRetries("plan mails anew", [&] {
        carillon::TransactionScope transaction(_session.forTransaction());
        std::string by = run;
        std::string at = utcText(_clock.now());
        inPieces(ids, [&](std::span<std::int64_t> piece) {
            std::vector<std::int64_t> found;
            Statement lock(_session.get());
            lock << kReplayable + kindList(kinds) + " AND id IN (" + literals(piece) + ") ORDER BY id" +
                        _session.forUpdate(),
                use(by), into(found);
            execute(lock);
            const auto stranger = std::mismatch(piece.begin(), piece.end(), found.begin(), found.end()).first;
            if (stranger != piece.end()) throw carillon::Failure(say("mails.noreject", {{"id", *stranger}}));
            Statement update(_session.get());
            update << kPlanAnew + literals(piece) + ")", use(at), use(by);
            execute(update);
        });
        carillon::crashPoint("commit.before");
        transaction.commit();
    });
    std::vector<OutboxMail> mails;
    inPieces(ids, [&](std::span<std::int64_t> piece) {
        const auto some =
            selectMails(_session, kinds, "state = 'planned' AND id IN (" + literals(piece) + ") AND run = ?", run,
                        static_cast<std::int64_t>(piece.size()));
        mails.insert(mails.end(), some.begin(), some.end());
    });
    return mails;
}

std::size_t OutboxReview::deleteOld(std::span<const MailKind> kinds, carillon::TimePoint before, std::size_t limit) {
    std::vector<std::int64_t> ids;
    _session.withRetries("delete old mails", [&] {
        ids.clear();
        std::string at = utcText(before);
        auto most = static_cast<std::int64_t>(limit);
        Statement select(_session.forTransaction());
        select << kOldMails + kindList(kinds) + " ORDER BY id LIMIT ?", use(at), use(most), into(ids);
        execute(select);
        namingRights(_session, RightsOf::Mails, [&] {
            inPieces(ids, [&](std::span<std::int64_t> piece) {
                Statement remove(_session.get());
                remove << kDeleteMails + literals(piece) + ")";
                execute(remove);
            });
        });
    });
    return ids.size();
}

}  // namespace passerelle
