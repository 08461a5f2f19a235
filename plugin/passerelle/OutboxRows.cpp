#include "OutboxRows.h"

#include "AgoraTime.h"
#include "BulkInsert.h"
#include "ServerNeeds.h"
#include "SmtpConnection.h"

#include "Poco/Tuple.h"

#include <optional>
#include <utility>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Statement;

constexpr const char* kMailColumns = R"sql(
    SELECT id, occasion, kind, campaign_id, COALESCE(user_id, 0), token_id, SUBSTR(created_at, 1, 19), attempts,
           COALESCE(SUBSTR(perhaps_sent_at, 1, 19), '')
      FROM passerelle_outbox WHERE kind IN ()sql";

using MailFound = Poco::Tuple<std::int64_t, std::string, std::string, std::int64_t, std::int64_t, std::int64_t,
                              std::string, std::int64_t, std::string>;

OutboxMail mailOf(const MailFound& row) {
    OutboxMail mail;
    mail.id = row.get<0>();
    mail.plan = {row.get<1>(), mailKindOf(row.get<2>()).value_or(MailKind::Approved), row.get<3>(), std::nullopt,
                 row.get<5>()};
    if (row.get<4>() != 0) mail.plan.user = row.get<4>();
    mail.createdAt = parseUtcText(row.get<6>()).value_or(carillon::TimePoint{});
    mail.attempts = row.get<7>();
    if (!row.get<8>().empty()) mail.perhapsSentAt = parseUtcText(row.get<8>());
    return mail;
}

}  // namespace

std::string isAbandoned(const AbandonedBounds& bounds) {
    return "(state = 'sending' AND (claimed_at < '" + utcText(bounds.before) + "' OR claimed_at > '" +
           utcText(bounds.after) + "'))";
}

Message abandonedMail() {
    return say("aside.abandoned");
}

Message mailDetail(const std::string& detail) {
    return recognise(detail, {kAsideCodes, kMailServerCodes, "http.", "head.", "system.", "tls."});
}

std::string kindList(std::span<const MailKind> kinds) {
    std::string list;
    for (const auto kind : kinds) list += (list.empty() ? "'" : ", '") + std::string(mailKindName(kind)) + "'";
    return list + ")";
}

std::vector<OutboxMail> selectMails(AgoraSession& session, std::span<const MailKind> kinds,
                                    const std::string& condition, std::string value, std::int64_t limit) {
    std::vector<OutboxMail> mails;
    session.withRetries("read the outbox", [&] {
        mails.clear();
        std::vector<MailFound> rows;
        Statement select(session.forTransaction());
        select << kMailColumns + kindList(kinds) + " AND " + condition + " ORDER BY id LIMIT ?", use(value), use(limit),
            into(rows);
        namingRights(session, RightsOf::Mails, [&] { execute(select); });
        for (const auto& row : rows) mails.push_back(mailOf(row));
    });
    return mails;
}

}  // namespace passerelle
