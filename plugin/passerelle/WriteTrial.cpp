#include "WriteTrial.h"

#include "carillon/TransactionScope.h"

#include "Poco/Tuple.h"

#include <cstdint>
#include <vector>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;

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

bool WriteTrial::run(const std::string& moment) {
    bool tried = false;
    _session.withRetries("write to Agora's tables (a trial, taken back)", [&] {
        carillon::TransactionScope transaction(_session.forTransaction());
        tried = write(moment);
    });
    return tried;
}

/// In the order in which a run locks rows.
bool WriteTrial::write(const std::string& moment) {
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
