#include "AgoraInspection.h"

#include "carillon/data/TransactionScope.h"

#include "Poco/Tuple.h"

#include <cstdint>
#include <vector>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;

constexpr const char* kCountExpired = "SELECT COUNT(*) FROM validation_tokens WHERE expires_at < ?";
constexpr const char* kCountTokens = R"sql(
    SELECT COUNT(CASE WHEN used_at IS NULL AND expires_at >= ? THEN 1 END), COUNT(used_at),
           COUNT(CASE WHEN used_at IS NULL AND expires_at < ? THEN 1 END) FROM validation_tokens)sql";
constexpr const char* kTables[] = {"settings",          "users",       "campaigns",    "campaign_validators",
                                   "validation_tokens", "validations", "campaign_logs"};
constexpr const char* kUnusedToken = R"sql(
    SELECT t.id, t.campaign_id, t.user_id FROM validation_tokens t JOIN campaigns c ON c.id = t.campaign_id
      JOIN users u ON u.id = t.user_id WHERE t.used_at IS NULL ORDER BY t.id DESC LIMIT 1)sql";
constexpr const char* kTryCampaign = "UPDATE campaigns SET statut = statut WHERE id = ?";
constexpr const char* kTryToken = "UPDATE validation_tokens SET used_at = ? WHERE id = ?";
// With an id of their own, so that no counter moves.
constexpr const char* kTryValidation = R"sql(
    INSERT INTO validations (id, campaign_id, user_id, action, commentaire, validated_at, created_at)
    VALUES (0, ?, ?, 'valide', NULL, ?, ?))sql";
constexpr const char* kTryLog = R"sql(
    INSERT INTO campaign_logs (id, campaign_id, user_id, action, description, old_values, new_values, created_at)
    VALUES (0, ?, ?, 'validated', 'Test de la passerelle', NULL, NULL, ?))sql";

}  // namespace

std::vector<TableCount> AgoraInspection::countTables() {
    std::vector<TableCount> counts;
    for (const auto* table : kTables) {
        TableCount count{table, {}};
        try {
            std::int64_t rows = 0;
            _session.get() << std::string("SELECT COUNT(*) FROM ") + table, into(rows), now;
            count.rows = rows;
        } catch (const Poco::Data::DataException&) {  // told by the missing number
        }
        counts.push_back(count);
    }
    return counts;
}

std::int64_t AgoraInspection::countExpiredBefore(const std::string& moment) {
    std::int64_t count = 0;
    _session.withRetries("count the tokens", [&] {
        std::string before = moment;
        _session.forTransaction() << kCountExpired, use(before), into(count), Poco::Data::Keywords::now;
    });
    return count;
}

TokenCounts AgoraInspection::countTokens(const std::string& now) {
    TokenCounts counts;
    _session.withRetries("count the tokens", [&] {
        std::string first = now;
        std::string second = now;
        _session.forTransaction() << kCountTokens, use(first), use(second), into(counts.active), into(counts.used),
            into(counts.expired), Poco::Data::Keywords::now;
    });
    return counts;
}

bool AgoraInspection::tryWriting(const std::string& moment) {
    bool tried = false;
    _session.withRetries("write to Agora's tables (a trial, taken back)", [&] {
        carillon::TransactionScope transaction(_session.forTransaction());
        tried = write(moment);
    });
    return tried;
}

/// In the order in which a run locks rows.
bool AgoraInspection::write(const std::string& moment) {
    std::vector<Poco::Tuple<std::int64_t, std::int64_t, std::int64_t>> tokens;
    _session.get() << kUnusedToken, into(tokens), now;
    std::int64_t token = tokens.empty() ? 0 : tokens.front().get<0>();
    std::int64_t campaign = tokens.empty() ? 0 : tokens.front().get<1>();
    std::int64_t user = tokens.empty() ? 0 : tokens.front().get<2>();
    std::string at = moment;
    _session.get() << kTryCampaign, use(campaign), now;
    _session.get() << kTryToken, use(at), use(token), now;
    if (tokens.empty()) return false;
    _session.get() << kTryValidation, use(campaign), use(user), use(at), use(at), now;
    _session.get() << kTryLog, use(campaign), use(user), use(at), now;
    return true;
}

}  // namespace passerelle
