#include "OutboxReview.h"

#include "AgoraTime.h"
#include "BulkInsert.h"
#include "ServerNeeds.h"

#include "Poco/Nullable.h"
#include "Poco/Tuple.h"

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Statement;

constexpr const char* kPlanAnew = R"sql(
    UPDATE passerelle_outbox SET state = 'planned', due_at = ?, attempts = 0, reason = NULL, detail = NULL
     WHERE id = ? AND state = 'aside')sql";
constexpr const char* kCountMails = R"sql(
    SELECT COUNT(CASE WHEN state = 'planned' THEN 1 END), COUNT(CASE WHEN state = 'aside' THEN 1 END),
           COALESCE(SUBSTR(MIN(CASE WHEN state = 'planned' THEN created_at END), 1, 19), '')
      FROM passerelle_outbox WHERE kind IN ()sql";
constexpr const char* kAside = R"sql(
    SELECT id, SUBSTR(created_at, 1, 19), kind, campaign_id, COALESCE(user_id, 0), reason, detail, run
      FROM passerelle_outbox WHERE state = 'aside' AND id > ? AND (? = '' OR reason = ?) AND created_at < ?
       AND kind IN ()sql";
constexpr const char* kOldMails = R"sql(
    SELECT id FROM passerelle_outbox WHERE state IN ('sent', 'dropped', 'aside') AND created_at < ? AND kind IN ()sql";
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

std::optional<OutboxMail> OutboxReview::planAnew(std::span<const MailKind> kinds, std::int64_t id) {
    auto found = selectMails(_session, kinds, "state = 'aside' AND id = ?", std::to_string(id), 1);
    if (found.empty()) return std::nullopt;
    _session.withRetries("plan a mail anew", [&] {
        std::string at = utcText(_clock.now());
        std::int64_t mail = id;
        _session.forTransaction() << kPlanAnew, use(at), use(mail), now;
    });
    found.front().attempts = 0;
    return found.front();
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
