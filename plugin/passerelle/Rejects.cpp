#include "Rejects.h"

#include "AgoraTime.h"
#include "BulkInsert.h"

#include "Poco/JSON/Object.h"
#include "Poco/JSON/Parser.h"
#include "Poco/Nullable.h"
#include "Poco/Tuple.h"

#include <utility>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Statement;

// A dismissal can be taken back: who replays it wants it decided after all.
constexpr const char* kReject = "SELECT id FROM passerelle_inbox WHERE id = ? AND state IN ('rejected', 'dismissed')";
constexpr const char* kResettle = R"sql(
    UPDATE passerelle_inbox
       SET state = ?, reason = ?, detail = ?, run = ?, campaign_id = ?, user_id = ?, validation_id = ?,
           dismissal = NULL, dismissed_by = NULL, dismissed_at = NULL
     WHERE id = ?)sql";
constexpr const char* kTakeBack = R"sql(
    DELETE FROM passerelle_inbox WHERE state = 'rejected' AND run = ? AND gateway = ? AND id > ?)sql";
// Of strangers: Agora gave no such token, or none can be read. The identity of the latter is a hash.
constexpr const char* kStrangersBySize = R"sql(
    SELECT id, LENGTH(payload) FROM passerelle_inbox 
     WHERE state IN ('rejected', 'dismissed') AND (reason = 'unknown_token' OR identity LIKE 'item:%') ORDER BY id DESC LIMIT ?)sql";
constexpr const char* kStrangersTooMany = R"sql(
    SELECT id FROM passerelle_inbox
     WHERE state IN ('rejected', 'dismissed') AND (reason = 'unknown_token' OR identity LIKE 'item:%')
       AND (id <= ? OR received_at < ?) LIMIT 1000)sql";
constexpr const char* kList = R"sql(
    SELECT id, SUBSTR(received_at, 1, 19), reason, detail, run, SUBSTR(payload, 1, 4000) FROM passerelle_inbox
     WHERE state = 'rejected' AND id > ? AND (? = '' OR reason = ?) AND received_at < ? ORDER BY id LIMIT ?)sql";
// In pieces: Poco crashes on a LONGTEXT as such, and a piece of this length is a VARCHAR.
constexpr std::int64_t kPayloadPiece = 8'000;
constexpr const char* kPayload = R"sql(
    SELECT SUBSTR(payload, ?, 8000) FROM passerelle_inbox WHERE id = ? AND state IN ('rejected', 'dismissed'))sql";
constexpr const char* kCount = "SELECT COUNT(*) FROM passerelle_inbox WHERE state = 'rejected'";

using Text = std::string;
using NullableText = Poco::Nullable<std::string>;

std::string tokenOf(const std::string& payload) {
    try {
        Poco::JSON::Parser parser;
        return shortToken(parser.parse(payload).extract<Poco::JSON::Object::Ptr>()->optValue<std::string>("token", ""));
    } catch (const Poco::Exception&) {  // longer than what was read of it
        return "(see the inbox)";
    }
}

}  // namespace

bool Rejects::lock(std::int64_t id) {
    std::vector<std::int64_t> ids;
    Statement lock(_session.get());
    lock << kReject + std::string(_session.forUpdate()), use(id), into(ids);
    execute(lock);
    return !ids.empty();
}

void Rejects::resettle(std::int64_t id, const InboxRow& row, const std::string& run) {
    DecisionColumns columns(row.decision);
    std::string by = run;
    auto campaign = numberOrNull(row.campaign);
    auto user = numberOrNull(row.user);
    auto validation = numberOrNull(row.validation);
    Statement update(_session.get());
    update << kResettle, use(columns.state), use(columns.reason), use(columns.detail), use(by), use(campaign),
        use(user), use(validation), use(id);
    execute(update);
}

void Rejects::takeBack(const Listing& listing, std::int64_t after) {
    _session.withRetries("take back rejects", [&] {
        std::string run = listing.run;
        std::string gateway = listing.gateway;
        std::int64_t last = after;
        Statement forget(_session.forTransaction());
        forget << kTakeBack, use(run), use(gateway), use(last);
        execute(forget);
    });
}

/// The youngest that is too many; 0: none is.
std::int64_t Rejects::lastStrangerTooMany() {
    std::vector<std::int64_t> ids;
    std::vector<std::int64_t> sizes;
    auto most = kMostStrangers + 1;
    Statement select(_session.get());
    select << kStrangersBySize, use(most), into(ids), into(sizes);
    execute(select);
    std::int64_t text = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        text += sizes[i];
        if (static_cast<std::int64_t>(i) >= kMostStrangers || text > kMostStrangersText) return ids[i];
    }
    return 0;
}

std::int64_t Rejects::forgetStrangers(carillon::TimePoint before) {
    std::int64_t last = 0;
    _session.withRetries("count the rejects of unknown tokens", [&] { last = lastStrangerTooMany(); });
    std::int64_t forgotten = 0;
    for (std::size_t found = 1; found > 0;) {
        _session.withRetries("forget rejects of unknown tokens", [&] {
            std::vector<std::int64_t> ids;
            std::string limit = utcText(before);
            Statement select(_session.get());
            select << kStrangersTooMany, use(last), use(limit), into(ids);
            execute(select);
            found = ids.size();
            deleteItems(_session, std::move(ids));
        });
        forgotten += static_cast<std::int64_t>(found);
    }
    return forgotten;
}

std::vector<carillon::Reject> Rejects::list(const carillon::RejectQuery& query) {
    using Found = Poco::Tuple<std::int64_t, Text, NullableText, NullableText, Text, Text>;
    std::vector<Found> rows;
    _session.withRetries("read the rejects", [&] {
        rows.clear();
        std::int64_t after = query.after;
        auto count = static_cast<std::int64_t>(query.limit);
        std::string reason = query.reason;
        std::string sameReason = reason;
        const bool anyAge = query.receivedBefore == carillon::TimePoint{};
        std::string before = anyAge ? "9999-12-31 23:59:59" : utcText(query.receivedBefore);
        _session.get() << kList, use(after), use(reason), use(sameReason), use(before), use(count), into(rows), now;
    });
    std::vector<carillon::Reject> rejects;
    for (const auto& row : rows)
        rejects.push_back({row.get<0>(), parseUtcText(row.get<1>()).value_or(carillon::TimePoint{}),
                           "token " + tokenOf(row.get<5>()), row.get<2>().value(""),
                           rejectDetail(row.get<3>().value("")), row.get<4>()});
    return rejects;
}

std::optional<std::string> Rejects::payload(std::int64_t id) {
    std::string payload;
    bool found = false;
    _session.withRetries("read a reject", [&] {
        payload.clear();
        for (std::int64_t position = 1;; position += kPayloadPiece) {
            std::vector<std::string> piece;
            Statement select(_session.get());
            select << kPayload, use(position), use(id), into(piece);
            execute(select);
            found = found || !piece.empty();
            if (piece.empty() || piece.front().empty()) return;
            payload += piece.front();
        }
    });
    return found ? std::optional(payload) : std::nullopt;
}

std::int64_t Rejects::count() {
    std::int64_t count = 0;
    _session.withRetries("count the rejects", [&] { _session.get() << kCount, into(count), now; });
    return count;
}

}  // namespace passerelle
