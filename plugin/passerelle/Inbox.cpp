#include "Inbox.h"

#include "AgoraTime.h"
#include "BulkInsert.h"
#include "ServerNeeds.h"

#include "carillon/data/Migrations.h"
#include "carillon/data/TransactionScope.h"
#include "shared/CrashPoint.h"
#include "shared/EmbeddedText.h"

#include "Poco/Tuple.h"

#include <map>

namespace passerelle::schema::mysql {
extern const std::vector<carillon::EmbeddedText> files;
}
namespace passerelle::schema::sqlite {
extern const std::vector<carillon::EmbeddedText> files;
}

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Statement;

constexpr const char* kMigrations = "passerelle_migration";
constexpr const char* kInsert = R"sql(
    INSERT INTO passerelle_inbox
      (identity, digest, state, reason, detail, payload, received_at, run, gateway, gateway_id, campaign_id, user_id,
       validation_id))sql";
// A known item keeps what was decided; only its place on the gateway is new.
constexpr const char* kSeenAgainMySql = R"sql(
    ON DUPLICATE KEY UPDATE run = VALUES(run), gateway = VALUES(gateway), gateway_id = VALUES(gateway_id))sql";
constexpr const char* kSeenAgainSqlite = R"sql(
    ON CONFLICT (identity) DO UPDATE SET run = excluded.run, gateway = excluded.gateway,
      gateway_id = excluded.gateway_id)sql";
constexpr const char* kOpenListingMySql = R"sql(
    INSERT INTO passerelle_listing (run, gateway, opened_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE run = run)sql";
constexpr const char* kOpenListingSqlite = R"sql(
    INSERT INTO passerelle_listing (run, gateway, opened_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING)sql";
// One row at least.
constexpr const char* kStanding = R"sql(
    SELECT COALESCE(l.run, ''), c.rejects
      FROM (SELECT COUNT(*) AS rejects FROM passerelle_inbox WHERE state = 'rejected') c
      LEFT JOIN passerelle_listing l ON l.closed_at IS NULL AND l.gateway = ?
     ORDER BY l.run)sql";
constexpr const char* kLastId = "SELECT COALESCE(MAX(id), 0) FROM passerelle_inbox";
constexpr const char* kCloseListings =
    "UPDATE passerelle_listing SET closed_at = ? WHERE closed_at IS NULL AND gateway = ? AND run IN (";
constexpr const char* kKnown = "SELECT identity, digest, state FROM passerelle_inbox WHERE identity IN (";
constexpr const char* kOfRun = "SELECT id FROM passerelle_inbox WHERE identity = ? AND run = ?";
constexpr const char* kAppliedOf =
    "SELECT id FROM passerelle_inbox WHERE state = 'applied' AND gateway = ? AND run IN (";
constexpr const char* kCountState = "SELECT COUNT(*) FROM passerelle_inbox WHERE state = ?";
// First the open listings, one or none mostly.
constexpr const char* kCountUnacknowledged = R"sql(
    SELECT COUNT(*) FROM passerelle_listing l JOIN passerelle_inbox i ON i.run = l.run AND i.gateway = l.gateway
     WHERE l.closed_at IS NULL)sql";
constexpr const char* kForgetListings = "DELETE FROM passerelle_listing WHERE closed_at < ?";
constexpr const char* kOldAcknowledged = R"sql(
    SELECT id FROM passerelle_inbox i WHERE state = ? AND received_at < ? AND NOT EXISTS
      (SELECT 1 FROM passerelle_listing l WHERE l.run = i.run AND l.gateway = i.gateway)
     ORDER BY received_at LIMIT ?)sql";
constexpr const char* kDelete = "DELETE FROM passerelle_inbox WHERE id IN (";

using Text = std::string;
using NullableText = Poco::Nullable<std::string>;
using NullableNumber = Poco::Nullable<std::int64_t>;
using Row = Poco::Tuple<Text, Text, Text, NullableText, NullableText, Text, Text, Text, Text, std::int64_t,
                        NullableNumber, NullableNumber, NullableNumber>;

NullableText orNull(std::string text) {
    return text.empty() ? NullableText() : NullableText(std::move(text));
}

/// As long as the column; at a character.
std::string cutDetail(const std::string& detail) {
    return detail.size() <= 250 ? detail : beginningOf(detail, 250) + "…";
}

}  // namespace

DecisionColumns::DecisionColumns(const Decision& decision)
    : state(decision.ending == Ending::Applied ? "applied" : "rejected"),
      reason(orNull(std::string(reasonName(decision.reason)))),
      detail(orNull(cutDetail(decision.detail))) {}

void deleteItems(AgoraSession& session, std::vector<std::int64_t> ids) {
    inPieces(ids, [&](std::span<std::int64_t> piece) {
        Statement remove(session.get());
        remove << kDelete + literals(piece) + ")";
        execute(remove);
    });
}

struct Inbox::Statements {
    Statements(Poco::Data::Session& session, const char* upsert)
        : insert(session, kInsert), seenAgain(session, kInsert, upsert) {}
    BulkInsert<Row> insert;
    BulkInsert<Row> seenAgain;
};

Inbox::Inbox(AgoraSession& session, const carillon::Clock& clock) : _session(session), _clock(clock) {}
Inbox::~Inbox() = default;

void Inbox::migrate() {
    const carillon::Migrations migrations(_session.sqlite() ? schema::sqlite::files : schema::mysql::files, kMigrations,
                                          carillon::crashPoint);
    _session.withRetries("prepare the inbox", [&] {
        ServerNeeds(_session).require();
        try {
            migrations.apply(_session.forTransaction(), _clock);
        } catch (const Poco::Data::DataException& e) {
            if (!isDenied(e)) throw;
            throw DatabaseFailed(withSemicolon(say("db.nocreate", {{"why", databaseMessage(e)}}),
                                               say("todo.create", {{"script", script()}})));
        }
    });
}

std::string Inbox::script() {
    std::string script = carillon::Migrations(schema::mysql::files, kMigrations).script(_clock);
    const std::string grants = DatabaseRights(_session).missingGrants(RightsOf::Cleaning, "passerelle_");
    return grants.empty() ? script : script + "; " + grants;
}

bool Inbox::exists() {
    try {
        std::vector<std::int64_t> none;
        _session.get() << "SELECT id FROM passerelle_inbox WHERE id < 0", into(none), now;
        return true;
    } catch (const Poco::Data::DataException&) {
        return false;
    }
}

void Inbox::forgetStatements() {
    _statements.reset();
    _opened.reset();
}

std::unordered_map<std::string, KnownAnswer> Inbox::known(std::vector<std::string> identities) {
    std::unordered_map<std::string, KnownAnswer> known;
    inPieces(identities, [&](std::span<std::string> piece) {
        std::vector<std::string> names;
        std::vector<std::string> digests;
        std::vector<std::string> states;
        Statement select(_session.get());
        select << kKnown + placeholders(piece.size()) + ")", into(names), into(digests), into(states);
        for (auto& identity : piece) select, use(identity);
        execute(select);
        for (std::size_t i = 0; i < names.size(); ++i) known[names[i]] = {digests[i], states[i] == "applied"};
    });
    return known;
}

void Inbox::readKnown(const std::vector<Validation>& items, Facts& facts) {
    std::vector<std::string> identities;
    for (const auto& item : items) identities.push_back(item.identity);
    facts.known.merge(known(identities));
    std::vector<std::string> further;
    std::map<std::string, std::string> digests;
    for (const auto& item : items) {
        const auto found = facts.known.find(item.identity);
        const std::string& first = found != facts.known.end()
                                       ? found->second.digest
                                       : digests.try_emplace(item.identity, item.digest).first->second;
        if (first != item.digest) further.push_back(conflictIdentity(item.identity, item.digest));
    }
    facts.known.merge(known(further));
}

void Inbox::store(const Effects& effects, const Listing& listing) {
    namingRights(_session, RightsOf::Synchronisation, [&] { storeRows(effects, listing); });
}

void Inbox::storeRows(const Effects& effects, const Listing& listing) {
    const std::string now = utcText(_clock.now());
    if (_opened != listing) openListing(listing, now);
    if (!_statements)
        _statements =
            std::make_unique<Statements>(_session.get(), _session.sqlite() ? kSeenAgainSqlite : kSeenAgainMySql);
    const auto addAll = [&](BulkInsert<Row>& insert, const std::vector<InboxRow>& rows) {
        for (const auto& row : rows) {
            const DecisionColumns decision(row.decision);
            insert.add(row.payload.size(), row.identity, row.digest, decision.state, decision.reason, decision.detail,
                       row.payload, now, listing.run, listing.gateway, row.gatewayId, numberOrNull(row.campaign),
                       numberOrNull(row.user), numberOrNull(row.validation));
        }
        insert.flush();
    };
    addAll(_statements->insert, effects.received);
    addAll(_statements->seenAgain, effects.redelivered);
}

/// With the first batch, and again where that may have been rolled back.
void Inbox::openListing(const Listing& listing, std::string at) {
    std::string run = listing.run;
    std::string gateway = listing.gateway;
    Statement open(_session.get());
    open << (_session.sqlite() ? kOpenListingSqlite : kOpenListingMySql), use(run), use(gateway), use(at);
    execute(open);
    _opened = listing;
}

bool Inbox::holds(const std::vector<InboxRow>& received, const Listing& listing) {
    if (received.empty()) return false;
    std::vector<std::int64_t> ids;
    std::string identity = received.front().identity;
    std::string run = listing.run;
    Statement select(_session.get());
    select << kOfRun, use(identity), use(run), into(ids);
    execute(select);
    return !ids.empty();
}

std::size_t Inbox::deleteAcknowledged(carillon::TimePoint before, std::size_t limit) {
    std::vector<std::int64_t> ids;
    std::string limitText = utcText(before);
    auto count = static_cast<std::int64_t>(limit);
    Statement forget(_session.get());
    forget << kForgetListings, use(limitText);
    namingRights(_session, RightsOf::Cleaning, [&] { execute(forget); });
    for (std::string state : {"applied", "dismissed"}) {
        std::vector<std::int64_t> found;
        std::int64_t left = count - static_cast<std::int64_t>(ids.size());
        Statement select(_session.get());
        select << kOldAcknowledged, use(state), use(limitText), use(left), into(found);
        execute(select);
        ids.insert(ids.end(), found.begin(), found.end());
    }
    namingRights(_session, RightsOf::Cleaning, [&] { deleteItems(_session, ids); });
    return ids.size();
}

InboxStanding Inbox::standing(const std::string& gateway) {
    std::vector<std::string> runs;
    std::vector<std::int64_t> rejects;
    _session.withRetries("read the open listings", [&] {
        runs.clear();
        rejects.clear();
        std::string of = gateway;
        namingRights(_session, RightsOf::Synchronisation, [&] {
            Statement select(_session.get());
            select << kStanding, use(of), into(runs), into(rejects);
            execute(select);
        });
    });
    std::erase(runs, "");
    return {std::move(runs), rejects.empty() ? 0 : rejects.front()};
}

std::int64_t Inbox::lastId() {
    std::int64_t id = 0;
    _session.withRetries("read the inbox", [&] { _session.get() << kLastId, into(id), now; });
    return id;
}

void Inbox::closeListing(const Listing& listing, std::vector<std::string> earlier) {
    earlier.push_back(listing.run);
    _session.withRetries("note the acknowledgement", [&] {
        std::string at = utcText(_clock.now());
        std::string gateway = listing.gateway;
        inPieces(earlier, [&](std::span<std::string> piece) {
            Statement close(_session.forTransaction());
            close << kCloseListings + placeholders(piece.size()) + ")", use(at), use(gateway);
            for (auto& run : piece) close, use(run);
            namingRights(_session, RightsOf::Synchronisation, [&] { execute(close); });
        });
    });
}

bool Inbox::hasApplied(const std::string& gateway, std::vector<std::string> runs) {
    bool found = false;
    _session.withRetries("look for applied items", [&] {
        std::string of = gateway;
        inPieces(runs, [&](std::span<std::string> piece) {
            std::vector<std::int64_t> ids;
            Statement select(_session.get());
            select << kAppliedOf + placeholders(piece.size()) + ") LIMIT 1", use(of), into(ids);
            for (auto& run : piece) select, use(run);
            execute(select);
            found = found || !ids.empty();
        });
    });
    return found;
}

InboxCounts Inbox::counts() {
    InboxCounts counts;
    _session.withRetries("count the inbox", [&] {
        std::string applied = "applied";
        std::string rejected = "rejected";
        _session.get() << kCountState, use(applied), into(counts.applied), now;
        _session.get() << kCountState, use(rejected), into(counts.rejected), now;
        _session.get() << kCountUnacknowledged, into(counts.unacknowledged), now;
    });
    return counts;
}

}  // namespace passerelle
