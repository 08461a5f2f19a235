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
constexpr const char* kCountMails = R"sql(
    SELECT COUNT(CASE WHEN state = 'planned' THEN 1 END), COUNT(CASE WHEN state = 'aside' THEN 1 END),
           COALESCE(SUBSTR(MIN(CASE WHEN state = 'planned' THEN created_at END), 1, 19), '')
      FROM passerelle_outbox WHERE kind IN ()sql";
constexpr const char* kAside = R"sql(
    SELECT id, SUBSTR(created_at, 1, 19), kind, campaign_id, COALESCE(user_id, 0), reason, detail, run
      FROM passerelle_outbox WHERE state = 'aside' AND id > ? AND (? = '' OR reason = ?) AND created_at < ?
       AND kind IN ()sql";
// Of a campaign that is open still what was sent may be due again, were it forgotten: also by a clock that was wrong.
constexpr const char* kOldMails = R"sql(
    SELECT id FROM passerelle_outbox
     WHERE state IN ('sent', 'dropped', 'aside', 'dismissed') AND created_at < ?
       AND NOT EXISTS (SELECT 1 FROM campaigns c WHERE c.id = passerelle_outbox.campaign_id AND c.statut = 'en_validation')
       AND kind IN ()sql";
constexpr const char* kDeleteMails = "DELETE FROM passerelle_outbox WHERE id IN (";

using Text = std::string;
using NullableText = Poco::Nullable<std::string>;

std::string whatOf(std::string_view kind, std::int64_t campaign, std::int64_t user) {
    return std::string(kind) + ", campaign " + std::to_string(campaign) +
           (user == 0 ? ", creator" : ", user " + std::to_string(user));
}

}  // namespace

OutboxCounts OutboxReview::count(std::span<const MailKind> kinds) {
    OutboxCounts counts;
    _session.withRetries("count the mails", [&] {
        std::string oldest;
        _session.forTransaction() << kCountMails + kindList(kinds), into(counts.waiting), into(counts.aside),
            into(oldest), now;
        counts.oldest = parseUtcText(oldest);
    });
    return counts;
}

std::vector<carillon::Reject> OutboxReview::aside(std::span<const MailKind> kinds, const carillon::RejectQuery& query) {
    using Found =
        Poco::Tuple<std::int64_t, Text, Text, std::int64_t, std::int64_t, NullableText, NullableText, NullableText>;
    std::vector<Found> rows;
    _session.withRetries("read the mails that were put aside", [&] {
        rows.clear();
        std::int64_t after = query.after;
        std::int64_t limit = static_cast<std::int64_t>(query.limit);
        std::string reason = query.reason;
        std::string sameReason = reason;
        const bool anyAge = query.receivedBefore == carillon::TimePoint{};
        std::string before = anyAge ? "9999-12-31 23:59:59" : utcText(query.receivedBefore);
        _session.forTransaction() << kAside + kindList(kinds) + " ORDER BY id LIMIT ?", use(after), use(reason),
            use(sameReason), use(before), use(limit), into(rows), now;
    });
    std::vector<carillon::Reject> rejects;
    for (const auto& row : rows)
        rejects.push_back({row.get<0>(), parseUtcText(row.get<1>()).value_or(carillon::TimePoint{}),
                           whatOf(row.get<2>(), row.get<3>(), row.get<4>()), row.get<5>().value(""),
                           row.get<6>().value(""), row.get<7>().value("")});
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
            if (stranger != piece.end())
                throw Poco::NotFoundException("there is no reject " + std::to_string(*stranger) +
                                              "; nothing was replayed");
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
