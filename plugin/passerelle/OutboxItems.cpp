#include "OutboxItems.h"

#include "AgoraItems.h"
#include "BulkInsert.h"
#include "MailTally.h"
#include "OutboxRows.h"
#include "Validation.h"

#include "carillon/data/TransactionScope.h"

#include "Poco/Exception.h"
#include "Poco/Nullable.h"
#include "Poco/NumberParser.h"
#include "Poco/Tuple.h"

#include <algorithm>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using carillon::ItemState;
using Poco::Data::Statement;

constexpr const char* kMailItems = R"sql(
    SELECT id, state, kind, campaign_id, COALESCE(user_id, 0), COALESCE(reason, ''), COALESCE(detail, ''),
           SUBSTR(created_at, 1, 19), COALESCE(SUBSTR(sent_at, 1, 19), ''), COALESCE(run, ''),
           COALESCE(dismissal, ''), COALESCE(dismissed_by, ''), COALESCE(SUBSTR(dismissed_at, 1, 19), '')
      FROM passerelle_outbox WHERE created_at >= ? AND kind IN ()sql";
// Those of this run it has dismissed itself, by a commit whose answer was lost.
constexpr const char* kDismissable = R"sql(
    SELECT id FROM passerelle_outbox
     WHERE (state = 'aside' OR (state = 'dismissed' AND run = ?)) AND kind IN ()sql";
constexpr const char* kDismissMails = R"sql(
    UPDATE passerelle_outbox SET state = 'dismissed', dismissal = ?, dismissed_by = ?, dismissed_at = ?, run = ?
     WHERE id IN ()sql";

using Words = std::string;
using MailItemRow = Poco::Tuple<std::int64_t, Words, Words, std::int64_t, std::int64_t, Words, Words, Words, Words,
                                Words, Words, Words, Words>;

carillon::TimePoint mailMoment(const std::string& text) {
    return parseUtcText(text).value_or(carillon::TimePoint{});
}

carillon::Item shownMail(const MailItemRow& row) {
    carillon::Item item;
    item.id = row.get<0>();
    const std::string& state = row.get<1>();
    item.state = state == "sent"        ? ItemState::Applied
                 : state == "dismissed" ? ItemState::Dismissed
                                        : ItemState::Rejected;
    item.receivedAt = mailMoment(row.get<7>());
    PlannedMail mail{"", mailKindOf(row.get<2>()).value_or(MailKind::Approved), row.get<3>()};
    if (row.get<4>() != 0) mail.user = row.get<4>();
    item.what = mailName(mail);
    item.reason = state == "sending" ? kUncertain : row.get<5>();
    item.detail = state == "sending" ? abandonedMail().text : row.get<6>();
    item.run = row.get<9>();
    item.acknowledged = item.state == ItemState::Applied;  // the mail server has taken it
    if (item.state == ItemState::Dismissed) item.dismissal = {row.get<10>(), row.get<11>(), mailMoment(row.get<12>())};
    return item;
}

}  // namespace

std::string OutboxItems::statesOf(const carillon::ItemQuery& query) const {
    const std::string rejected = "(state = 'aside' OR " + isAbandoned(_bounds) + ")";
    if (!query.state) return " AND (state IN ('sent', 'dismissed') OR " + rejected + ")";
    return *query.state == ItemState::Applied    ? " AND state = 'sent'"
           : *query.state == ItemState::Rejected ? " AND " + rejected
                                                 : " AND state = 'dismissed'";
}

std::string OutboxItems::conditions(const carillon::ItemQuery& query) {
    if (!query.token.empty()) throw carillon::Failure(say("items.notoken", {{"token", query.token}}));
    std::string where = statesOf(query);
    if (query.id != 0) where += " AND id = " + std::to_string(query.id);
    if (query.before != 0) where += " AND id < " + std::to_string(query.before);
    if (!query.campaign.empty()) {
        Poco::Int64 campaign = 0;
        if (!Poco::NumberParser::tryParse64(query.campaign, campaign) || campaign <= 0)
            throw carillon::Failure(say("items.campaign", {{"given", query.campaign}}));
        where += " AND campaign_id = " + std::to_string(campaign);
    }
    if (!query.person.empty()) {
        std::vector<std::int64_t> users{0};  // of nobody
        for (const auto& [campaign, user] : AgoraItems(_session).campaignsOf(query.person)) users.push_back(user);
        std::sort(users.begin(), users.end());
        users.erase(std::unique(users.begin(), users.end()), users.end());
        where += " AND user_id IN (" + literals(users) + ")";
    }
    return where;
}

std::vector<carillon::Item> OutboxItems::list(std::span<const MailKind> kinds, const carillon::ItemQuery& query) {
    const std::string where = conditions(query);
    std::vector<MailItemRow> rows;
    _session.withRetries("read the outbox", [&] {
        rows.clear();
        std::string since = utcText(query.since);
        auto limit = static_cast<std::int64_t>(query.limit);
        _session.forTransaction() << kMailItems + kindList(kinds) + where + " ORDER BY id DESC LIMIT ?", use(since),
            use(limit), into(rows), now;
    });
    std::vector<std::int64_t> campaigns;
    std::vector<std::int64_t> users;
    for (const auto& row : rows) {
        campaigns.push_back(row.get<3>());
        if (query.people && row.get<4>() != 0) users.push_back(row.get<4>());
    }
    AgoraItems agora(_session);
    const auto titles = agora.titles(std::move(campaigns));
    const auto names = agora.names(std::move(users));
    std::vector<carillon::Item> items;
    for (const auto& row : rows) {
        carillon::Item item = shownMail(row);
        const auto title = titles.find(row.get<3>());
        item.about = {{"campaign", std::to_string(row.get<3>())},
                      {"campaign_title", title == titles.end() ? "" : title->second}};
        if (!row.get<8>().empty()) item.about.emplace_back("sent_at", carillon::toRfc3339(mailMoment(row.get<8>())));
        const auto name = names.find(row.get<4>());
        if (query.people) item.people = {{"person", name == names.end() ? "" : name->second}};
        items.push_back(std::move(item));
    }
    return items;
}

/// Invariant: in one transaction each of them is seen to be put aside, under a lock, and is dismissed. A replay or
/// another dismissal at the same time waits, and then finds what this one left.
std::int64_t OutboxItems::dismiss(std::span<const MailKind> kinds, const carillon::DismissRequest& request,
                                  carillon::TimePoint at, const std::string& run) {
    std::vector<std::int64_t> ids = request.ids;
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::int64_t stranger = 0;
    _session.withRetries("dismiss mails", [&] {
        stranger = 0;
        carillon::TransactionScope transaction(_session.forTransaction());
        std::string reason = beginningOf(request.reason, 4 * 400);  // bytes of 400 characters
        std::string by = beginningOf(request.by, 100);
        std::string when = utcText(at);
        std::string own = run;
        inPieces(ids, [&](std::span<std::int64_t> piece) {
            std::vector<std::int64_t> open;
            Statement lock(_session.get());
            lock << kDismissable + kindList(kinds) + " AND id IN (" + literals(piece) + ") ORDER BY id" +
                        _session.forUpdate(),
                use(own), into(open);
            execute(lock);
            const auto missing = std::mismatch(piece.begin(), piece.end(), open.begin(), open.end()).first;
            if (missing != piece.end() && stranger == 0) stranger = *missing;
            Statement update(_session.get());
            update << kDismissMails + literals(piece) + ")", use(reason), use(by), use(when), use(own);
            execute(update);
        });
        if (stranger == 0) transaction.commit();
    });
    return stranger;
}

}  // namespace passerelle
