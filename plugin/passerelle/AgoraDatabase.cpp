#include "AgoraDatabase.h"

#include "BulkInsert.h"
#include "ServerNeeds.h"
#include "ValidationIds.h"

#include "Poco/Nullable.h"
#include "Poco/Tuple.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <type_traits>
#include <unordered_set>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Statement;

// SUBSTR: the column's type is Agora's affair, and Poco crashes on a LONGTEXT as such. Beside each setting, since a
// statement of its own would be one more in a run with nothing to do: what the server takes in one statement, and in
// which character set it answers.
constexpr const char* kSettings = "SELECT cle, SUBSTR(valeur, 1, 4000), ";
constexpr const char* kServerMySql = "CAST(@@max_allowed_packet AS CHAR(20)), COALESCE(@@character_set_results, '')";
constexpr const char* kServerSqlite = "'', 'utf8mb4'";
constexpr const char* kFromSettings = " FROM settings WHERE cle IN (";
constexpr const char* kPacket = "@packet";
constexpr const char* kTokens = R"sql(
    SELECT t.id, t.campaign_id, t.user_id, t.token, u.prenom, u.nom
      FROM validation_tokens t LEFT JOIN users u ON u.id = t.user_id WHERE )sql";
constexpr const char* kByToken = "t.token IN (";
// A column of another character set cannot be compared with every text: then it is converted, and no index serves.
constexpr const char* kByAnyToken = "CONVERT(t.token USING utf8mb4) COLLATE utf8mb4_bin IN (";
constexpr const char* kTokenStates = R"sql(
    SELECT id, token, SUBSTR(expires_at, 1, 19), SUBSTR(used_at, 1, 19) FROM validation_tokens WHERE id IN ()sql";
constexpr const char* kCampaigns = "SELECT id, statut FROM campaigns WHERE id IN (";
constexpr const char* kValidators = "SELECT campaign_id, user_id FROM campaign_validators WHERE campaign_id IN (";
constexpr const char* kVotes = R"sql(
    SELECT DISTINCT campaign_id, user_id, action FROM validations
     WHERE action IN ('valide', 'refuse') AND campaign_id IN ()sql";
constexpr const char* kInsertValidation = R"sql(
    INSERT INTO validations (campaign_id, user_id, action, commentaire, validated_at, created_at))sql";
constexpr const char* kInsertLog = R"sql(
    INSERT INTO campaign_logs (campaign_id, user_id, action, description, old_values, new_values, created_at))sql";
constexpr const char* kUseTokens = "UPDATE validation_tokens SET used_at = ? WHERE used_at IS NULL AND id IN (";
constexpr const char* kSetStatus = "UPDATE campaigns SET statut = ? WHERE statut = 'en_validation' AND id IN (";
constexpr const char* kExpired = "SELECT id FROM validation_tokens WHERE expires_at < ? ORDER BY expires_at LIMIT ?";
constexpr const char* kDeleteTokens = "DELETE FROM validation_tokens WHERE id IN (";
using Text = std::string;
using NullableText = Poco::Nullable<std::string>;
using ValidationInsert = Poco::Tuple<std::int64_t, std::int64_t, Text, NullableText, Text, Text>;
using LogInsert = Poco::Tuple<std::int64_t, std::int64_t, Text, Text, NullableText, NullableText, Text>;

NullableText orNull(const std::optional<std::string>& text) {
    return text ? NullableText(*text) : NullableText();
}

/// Runs `sql` + keys + `)` + `tail` for each piece of the keys; `prepare` adds what comes before the keys and takes the
/// rows.
template <typename Key, typename Prepare>
void forPieces(AgoraSession& session, const std::string& sql, std::vector<Key>& keys, const std::string& tail,
               Prepare prepare) {
    inPieces(keys, [&](std::span<Key> piece) {
        Statement statement(session.get());
        if constexpr (std::is_integral_v<Key>) {
            statement << sql + literals(piece) + ")" + tail;
        } else {
            statement << sql + placeholders(piece.size()) + ")" + tail;
        }
        const auto takeRows = prepare(statement);
        if constexpr (!std::is_integral_v<Key>)
            for (auto& key : piece) statement, use(key);
        execute(statement);
        takeRows();
    });
}

template <typename Row, typename Key, typename Take>
void selectPieces(AgoraSession& session, const std::string& sql, std::vector<Key>& keys, const std::string& tail,
                  Take take) {
    std::vector<Row> rows;
    forPieces(session, sql, keys, tail, [&](Statement& statement) {
        rows.clear();
        statement, into(rows);
        return [&] { std::for_each(rows.begin(), rows.end(), take); };
    });
}

template <typename Key>
void updatePieces(AgoraSession& session, const std::string& sql, std::vector<Key>& keys, std::string value) {
    forPieces(session, sql, keys, "", [&](Statement& statement) {
        statement, use(value);
        return [] {};
    });
}

/// Each applied item has one, in the same order.
void noteValidations(Effects& effects) {
    auto next = effects.validations.begin();
    for (auto& row : effects.received)
        if (row.decision.ending == Ending::Applied && next != effects.validations.end()) row.validation = (next++)->id;
}

std::string fullName(const NullableText& first, const NullableText& last) {
    std::string name = first.value("");
    if (!name.empty() && !last.value("").empty()) name += ' ';
    return name + last.value("");
}

}  // namespace

struct AgoraDatabase::Statements {
    explicit Statements(Poco::Data::Session& session)
        : validations(session, kInsertValidation), logs(session, kInsertLog) {}
    BulkInsert<ValidationInsert> validations;
    BulkInsert<LogInsert> logs;
};

AgoraDatabase::AgoraDatabase(AgoraSession& session) : _session(session), _logText(session) {}
AgoraDatabase::~AgoraDatabase() = default;

void AgoraDatabase::forgetStatements() {
    _statements.reset();
}

std::map<std::string, std::string> AgoraDatabase::readRows(std::vector<std::string> names) {
    std::map<std::string, std::string> rows;
    _session.withRetries("read Agora's settings", [&] {
        namingRights(_session, RightsOf::Synchronisation, [&] {
            if (readRowsOnce(names, rows)) return;
            // The server has a mind of its own about the connection's character set, until it is told once more.
            _session.forTransaction();
            readRowsOnce(names, rows);
        });
    });
    return rows;
}

/// False: the server did not answer in utf8mb4.
bool AgoraDatabase::readRowsOnce(std::vector<std::string>& names, std::map<std::string, std::string>& rows) {
    rows.clear();
    bool readable = true;
    const std::string sql = std::string(kSettings) + (_session.sqlite() ? kServerSqlite : kServerMySql) + kFromSettings;
    selectPieces<Poco::Tuple<Text, NullableText, Text, Text>>(_session, sql, names, "", [&](const auto& row) {
        rows[row.template get<0>()] = row.template get<1>().value("");
        rows[kPacket] = row.template get<2>();
        readable = readable && row.template get<3>() == "utf8mb4";
    });
    return readable;
}

carillon::MailAccount AgoraDatabase::readMailAccount() {
    return mailAccountFromRows(readRows(kMailSettingNames));
}

std::string AgoraDatabase::readSetting(const std::string& name) {
    const auto rows = readRows({name});
    const auto found = rows.find(name);
    return found == rows.end() ? "" : found->second;
}

Settings AgoraDatabase::readSettings() {
    const auto rows = readRows(kSettingNames);
    Settings settings = settingsFromRows(rows);
    if (const auto packet = rows.find(kPacket); packet != rows.end() && !packet->second.empty())
        settings.maxStatementBytes = static_cast<std::size_t>(std::stoull(packet->second));
    _session.useZone(settings.agoraZone);
    return settings;
}

std::map<std::int64_t, TokenRow*> AgoraDatabase::findTokens(const std::vector<Validation>& items, Facts& facts) {
    std::vector<std::string> tokens;
    tokens.reserve(items.size());
    for (const auto& item : items)
        if (!item.token.empty() && item.token.size() <= 256) tokens.push_back(item.token);
    std::sort(tokens.begin(), tokens.end());
    tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    const auto others = std::stable_partition(tokens.begin(), tokens.end(), isAscii);
    std::vector<std::string> rare(others, tokens.end());
    tokens.erase(others, tokens.end());
    std::unordered_set<std::string_view> wanted(tokens.begin(), tokens.end());
    wanted.insert(rare.begin(), rare.end());
    facts.tokens.reserve(wanted.size());
    std::map<std::int64_t, TokenRow*> found;
    using Row = Poco::Tuple<std::int64_t, std::int64_t, std::int64_t, Text, NullableText, NullableText>;
    const auto take = [&](const Row& row) {
        // The column's collation may take A for a: only the same bytes are the same token.
        if (!wanted.contains(row.get<3>())) return;
        TokenRow& token = facts.tokens[row.get<3>()];
        token = {row.get<0>(), row.get<1>(), row.get<2>(), row.get<3>(), "", "", fullName(row.get<4>(), row.get<5>())};
        found[row.get<0>()] = &token;
    };
    selectPieces<Row>(_session, std::string(kTokens) + kByToken, tokens, "", take);
    selectPieces<Row>(_session, std::string(kTokens) + (_session.sqlite() ? kByToken : kByAnyToken), rare, "", take);
    return found;
}

void AgoraDatabase::readFacts(const std::vector<Validation>& items, Facts& facts, bool lock) {
    if (!lock) _session.forTransaction();
    namingRights(_session, RightsOf::Synchronisation, [&] { readAllFacts(items, facts, lock); });
}

void AgoraDatabase::readAllFacts(const std::vector<Validation>& items, Facts& facts, bool lock) {
    auto found = findTokens(items, facts);
    readCampaigns(facts, facts.campaigns, lock);
    std::vector<std::int64_t> ids;
    for (const auto& [id, token] : found) ids.push_back(id);
    using Row = Poco::Tuple<std::int64_t, Text, Text, NullableText>;
    selectPieces<Row>(_session, kTokenStates, ids, lock ? _session.forUpdate() : "", [&](const Row& row) {
        const auto known = found.find(row.get<0>());
        if (known == found.end() || row.get<1>() != known->second->token) return;
        known->second->expiresAt = row.get<2>();
        known->second->usedAt = row.get<3>().value("");
        found.erase(known);
    });
    // Deleted or renewed between our two looks.
    for (const auto& [id, token] : found) facts.tokens.erase(std::string(token->token));
}

void AgoraDatabase::readCampaigns(const Facts& facts, std::unordered_map<std::int64_t, CampaignState>& campaigns,
                                  bool lock) {
    std::set<std::int64_t> wanted;
    for (const auto& [text, token] : facts.tokens) wanted.insert(token.campaign);
    std::vector<std::int64_t> ids(wanted.begin(), wanted.end());
    std::vector<std::int64_t> pending;
    using Row = Poco::Tuple<std::int64_t, Text>;
    const std::string tail = " ORDER BY id" + std::string(lock ? _session.forUpdate() : "");
    selectPieces<Row>(_session, kCampaigns, ids, tail, [&](const Row& row) {
        campaigns[row.get<0>()].status = row.get<1>();
        if (row.get<1>() == "en_validation") pending.push_back(row.get<0>());
    });
    readVotes(pending, campaigns);
}

void AgoraDatabase::readVotes(std::vector<std::int64_t>& pending,
                              std::unordered_map<std::int64_t, CampaignState>& campaigns) {
    using Validator = Poco::Tuple<std::int64_t, std::int64_t>;
    selectPieces<Validator>(_session, kValidators, pending, "",
                            [&](const Validator& row) { campaigns[row.get<0>()].validators.insert(row.get<1>()); });
    using Vote = Poco::Tuple<std::int64_t, std::int64_t, Text>;
    selectPieces<Vote>(_session, kVotes, pending, "", [&](const Vote& row) {
        CampaignState& campaign = campaigns[row.get<0>()];
        if (row.get<2>() == "refuse")
            campaign.refused = true;
        else
            campaign.approvedBy.insert(row.get<1>());
    });
}

void AgoraDatabase::write(Effects& effects, const std::string& now) {
    namingRights(_session, RightsOf::Synchronisation, [&] { writeAll(effects, now); });
}

void AgoraDatabase::writeAll(Effects& effects, const std::string& now) {
    if (!_statements) _statements = std::make_unique<Statements>(_session.get());
    std::span<ValidationRow> unnoted(effects.validations);
    _statements->validations.afterEach([&](std::size_t rows) {
        noteIds(_session, unnoted.first(rows));
        unnoted = unnoted.subspan(rows);
    });
    for (const auto& row : effects.validations)
        _statements->validations.add(row.comment ? row.comment->size() : 0, row.campaign, row.user,
                                     row.action == Action::Refuse ? "refuse" : "valide", orNull(row.comment),
                                     row.answeredAt, now);
    _statements->validations.flush();
    _statements->validations.afterEach({});  // what it takes from here is gone with this call
    noteValidations(effects);
    const auto descriptions = _logText.fit(effects.logs);
    for (std::size_t i = 0; i < effects.logs.size(); ++i) {
        const LogRow& row = effects.logs[i];
        _statements->logs.add(0, row.campaign, row.user, row.action, descriptions[i], orNull(row.oldValues),
                              orNull(row.newValues), now);
    }
    _statements->logs.flush();
    auto tokens = effects.usedTokens;
    updatePieces(_session, kUseTokens, tokens, now);
    for (const auto& [status, campaigns] : effects.statuses) {
        auto ids = campaigns;
        updatePieces(_session, kSetStatus, ids, status);
    }
}

std::size_t AgoraDatabase::deleteExpiredTokens(const std::string& before, std::size_t limit) {
    std::vector<std::int64_t> ids;
    std::string limitText = before;
    auto count = static_cast<std::int64_t>(limit);
    Statement select(_session.get());
    select << kExpired, use(limitText), use(count), into(ids);
    execute(select);
    namingRights(_session, RightsOf::Cleaning,
                 [&] { forPieces(_session, kDeleteTokens, ids, "", [](Statement&) { return [] {}; }); });
    return ids.size();
}

}  // namespace passerelle
