#include "InboxItems.h"

#include "AgoraTime.h"
#include "BulkInsert.h"
#include "Validation.h"

#include "carillon/data/TransactionScope.h"

#include "Poco/JSON/Object.h"
#include "Poco/JSON/Parser.h"
#include "Poco/Nullable.h"
#include "Poco/Tuple.h"

#include <algorithm>
#include <map>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using carillon::ItemState;
using Poco::Data::Statement;

// SUBSTR: Poco crashes on a LONGTEXT as such, and of a DATETIME it makes no text.
constexpr const char* kItems = R"sql(
    SELECT i.id, i.state, i.reason, i.detail, SUBSTR(i.payload, 1, 8000), LENGTH(i.payload),
           SUBSTR(i.received_at, 1, 19), i.run,
           CASE WHEN i.gateway_id = 0 OR l.run IS NOT NULL THEN 0 ELSE 1 END, i.campaign_id, i.user_id,
           i.validation_id, i.dismissal, i.dismissed_by, SUBSTR(i.dismissed_at, 1, 19)
      FROM passerelle_inbox i
      LEFT JOIN passerelle_listing l ON l.run = i.run AND l.gateway = i.gateway AND l.closed_at IS NULL)sql";
constexpr std::int64_t kItemPiece = 8'000;
constexpr const char* kPieceOfPayload = "SELECT SUBSTR(payload, ?, 8000) FROM passerelle_inbox WHERE id = ?";
constexpr const char* kReceivedAtOf = "SELECT SUBSTR(received_at, 1, 19) FROM passerelle_inbox WHERE id = ?";
constexpr const char* kFirstSince =
    "SELECT id FROM passerelle_inbox WHERE state = ? AND received_at >= ? ORDER BY received_at, id LIMIT 1";
constexpr const char* kAppliedItems = R"sql(
    SELECT id, campaign_id, user_id, validation_id, identity, SUBSTR(payload, 1, 8000), LENGTH(payload),
           COALESCE(detail, ''), SUBSTR(received_at, 1, 19) FROM passerelle_inbox
     WHERE id > ? AND id <= ? AND state = 'applied' AND validation_id IS NOT NULL ORDER BY id LIMIT ?)sql";
constexpr const char* kCountUnnoted =
    "SELECT COUNT(*) FROM passerelle_inbox WHERE state = 'applied' AND validation_id IS NULL";
constexpr const char* kNewestId = "SELECT COALESCE(MAX(id), 0) FROM passerelle_inbox";
constexpr const char* kOpenRejects = "SELECT id FROM passerelle_inbox WHERE state = 'rejected' AND id IN (";
constexpr const char* kDismiss = R"sql(
    UPDATE passerelle_inbox SET state = 'dismissed', dismissal = ?, dismissed_by = ?, dismissed_at = ?
     WHERE state = 'rejected' AND id IN ()sql";

using Text = std::string;
using NullableText = Poco::Nullable<std::string>;
using NullableNumber = Poco::Nullable<std::int64_t>;
using ItemTuple =
    Poco::Tuple<std::int64_t, Text, NullableText, NullableText, Text, std::int64_t, Text, Text, std::int64_t,
                NullableNumber, NullableNumber, NullableNumber, NullableText, NullableText, NullableText>;

using AppliedTuple =
    Poco::Tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, Text, Text, std::int64_t, Text, Text>;

std::string answerIn(const std::string& payload) {
    try {
        const auto object = Poco::JSON::Parser().parse(payload).extract<Poco::JSON::Object::Ptr>();
        return object->optValue<std::string>("action", "");
    } catch (const Poco::Exception&) {  // then it cannot be compared
        return "";
    }
}

std::string wordOf(ItemState state) {
    return std::string(carillon::kItemStateNames.at(static_cast<std::size_t>(state)));
}

ItemState stateOf(const std::string& name) {
    const auto& names = carillon::kItemStateNames;
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? ItemState::Rejected : static_cast<ItemState>(found - names.begin());
}

carillon::TimePoint instantOf(const NullableText& text) {
    return parseUtcText(text.value("")).value_or(carillon::TimePoint{});
}

StoredItem itemOf(const ItemTuple& row) {
    StoredItem item;
    item.id = row.get<0>();
    item.state = stateOf(row.get<1>());
    item.reason = row.get<2>().value("");
    item.detail = row.get<3>().value("");
    item.payload = row.get<4>();
    item.receivedAt = instantOf(row.get<6>());
    item.run = row.get<7>();
    item.acknowledged = row.get<8>() != 0;
    item.campaign = row.get<9>().value(0);
    item.user = row.get<10>().value(0);
    item.validation = row.get<11>().value(0);
    if (item.state == ItemState::Dismissed)
        item.dismissal = {row.get<12>().value(""), row.get<13>().value(""), instantOf(row.get<14>())};
    return item;
}

}  // namespace

std::string InboxItems::pairsOf(const ItemFilter& filter) {
    std::map<std::int64_t, std::vector<std::int64_t>> campaigns;
    for (const auto& [campaign, user] : *filter.pairs) campaigns[user].push_back(campaign);
    std::string text;
    for (const auto& [user, ofUser] : campaigns)
        text += (text.empty() ? "(" : " OR (") + std::string("i.user_id = ") + std::to_string(user) +
                " AND i.campaign_id IN (" + literals(ofUser) + "))";
    return text.empty() ? " AND 1 = 0" : " AND (" + text + ")";
}

/// Ids grow with time: the first of these times is that of the first id of interest.
std::int64_t InboxItems::firstSince(const std::string& since) {
    std::int64_t first = 0;
    for (const auto name : carillon::kItemStateNames) {
        std::string state(name);
        std::vector<std::int64_t> ids;
        std::string from = since;
        Statement select(_session.get());
        select << kFirstSince, use(state), use(from), into(ids);
        execute(select);
        if (!ids.empty()) first = first == 0 ? ids.front() : std::min(first, ids.front());
    }
    return first;
}

std::string InboxItems::receivedAt(std::int64_t id) {
    std::vector<std::string> found;
    Statement select(_session.get());
    select << kReceivedAtOf, use(id), into(found);
    execute(select);
    return found.empty() ? "" : found.front();
}

/// With the order: that of an index, so that a page reads no more than it shows, or of the few rows that another index
/// finds; `i.id + 0` keeps a server from reading all rows in order of their ids instead.
std::string InboxItems::conditions(const ItemFilter& filter, std::vector<std::string>& texts) {
    std::string where = " WHERE 1 = 1";
    const bool isFew = filter.campaign != 0 || filter.pairs || !filter.token.empty();
    if (filter.id != 0) where += " AND i.id = " + std::to_string(filter.id);
    if (filter.campaign != 0) where += " AND i.campaign_id = " + std::to_string(filter.campaign);
    if (filter.pairs) where += pairsOf(filter);
    if (!filter.token.empty()) {
        // No more of it is asked than is shown: who may not see a token cannot guess it either, a character at a time.
        const std::string beginning = shortToken(filter.token);
        where += " AND i.identity >= ? AND i.identity < ?";
        texts.push_back(beginning);
        texts.push_back(beginning + '\x7f');
    }
    const bool byState = filter.state && !isFew && filter.id == 0;
    if (filter.state) where += " AND i.state = '" + wordOf(*filter.state) + "'";
    if (filter.since != carillon::TimePoint{}) {
        const std::string since = utcText(filter.since);
        if (!byState && !isFew) where += " AND i.id >= " + std::to_string(firstSince(since));
        where += " AND i.received_at >= ?";
        texts.push_back(since);
    }
    if (const std::string last = byState && filter.before != 0 ? receivedAt(filter.before) : ""; !last.empty()) {
        where +=
            " AND i.received_at <= ? AND NOT (i.received_at = ? AND i.id >= " + std::to_string(filter.before) + ")";
        texts.insert(texts.end(), {last, last});
    } else if (filter.before != 0) {
        where += " AND i.id < " + std::to_string(filter.before);
    }
    return where + (byState ? " ORDER BY i.received_at DESC, i.id DESC"
                    : isFew ? " ORDER BY i.id + 0 DESC"
                            : " ORDER BY i.id DESC");
}

std::vector<StoredItem> InboxItems::list(const ItemFilter& filter) {
    std::vector<ItemTuple> rows;
    _session.withRetries("read the inbox", [&] {
        rows.clear();
        std::vector<std::string> texts;
        const std::string where = conditions(filter, texts);
        Statement select(_session.get());
        select << kItems + where + " LIMIT " + std::to_string(filter.limit), into(rows);
        for (auto& text : texts) select, use(text);
        execute(select);
    });
    std::vector<StoredItem> items;
    for (const auto& row : rows) {
        items.push_back(itemOf(row));
        if (row.get<5>() > kItemPiece) items.back().payload = wholePayload(row.get<0>());
    }
    return items;
}

std::string InboxItems::wholePayload(std::int64_t id) {
    std::string payload;
    _session.withRetries("read an item", [&] {
        payload.clear();
        for (std::int64_t position = 1;; position += kItemPiece) {
            std::vector<std::string> piece;
            std::int64_t of = id;
            Statement select(_session.get());
            select << kPieceOfPayload, use(position), use(of), into(piece);
            execute(select);
            if (piece.empty() || piece.front().empty()) return;
            payload += piece.front();
        }
    });
    return payload;
}

std::vector<AppliedItem> InboxItems::applied(std::int64_t after, std::int64_t last, std::size_t limit) {
    std::vector<AppliedTuple> rows;
    _session.withRetries("read the inbox", [&] {
        rows.clear();
        std::int64_t from = after;
        std::int64_t to = last;
        auto most = static_cast<std::int64_t>(limit);
        _session.get() << kAppliedItems, use(from), use(to), use(most), into(rows), now;
    });
    std::vector<AppliedItem> items;
    for (const auto& row : rows) {
        items.push_back({row.get<0>(), row.get<1>(), row.get<2>(), row.get<3>(), row.get<4>()});
        // What a replay notes: the answer that counts is then another than the one that came.
        if (row.get<7>().find("action") == std::string::npos)
            items.back().answer = answerIn(row.get<6>() > kItemPiece ? wholePayload(row.get<0>()) : row.get<5>());
        items.back().receivedAt = parseUtcText(row.get<8>()).value_or(carillon::TimePoint{});
    }
    return items;
}

std::int64_t InboxItems::countUnnoted() {
    std::int64_t count = 0;
    _session.withRetries("count the inbox", [&] { _session.get() << kCountUnnoted, into(count), now; });
    return count;
}

std::int64_t InboxItems::lastId() {
    std::int64_t id = 0;
    _session.withRetries("read the inbox", [&] { _session.get() << kNewestId, into(id), now; });
    return id;
}

/// Invariant: in one transaction each of them is seen to be open, under a lock, and is dismissed. A replay or another
/// dismissal at the same time waits, and then finds what this one left.
std::int64_t InboxItems::dismiss(const carillon::DismissRequest& request, carillon::TimePoint at) {
    std::vector<std::int64_t> ids = request.ids;
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::int64_t stranger = 0;
    _session.withRetries("dismiss rejects", [&] {
        stranger = 0;
        carillon::TransactionScope transaction(_session.forTransaction());
        std::string reason = beginningOf(request.reason, 4 * 400);  // bytes of 400 characters
        std::string by = beginningOf(request.by, 100);
        std::string when = utcText(at);
        inPieces(ids, [&](std::span<std::int64_t> piece) {
            std::vector<std::int64_t> open;
            Statement lock(_session.get());
            lock << kOpenRejects + literals(piece) + ") ORDER BY id" + _session.forUpdate(), into(open);
            execute(lock);
            const auto [missing, other] = std::mismatch(piece.begin(), piece.end(), open.begin(), open.end());
            if (missing != piece.end() && stranger == 0) stranger = *missing;
            Statement update(_session.get());
            update << kDismiss + literals(piece) + ")", use(reason), use(by), use(when);
            execute(update);
        });
        if (stranger == 0) transaction.commit();
    });
    return stranger;
}

}  // namespace passerelle
