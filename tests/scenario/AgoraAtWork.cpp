#include "AgoraAtWork.h"

#include <chrono>
#include <vector>

#include "Poco/Data/DataException.h"

namespace {

using namespace Poco::Data::Keywords;
using namespace std::chrono_literals;

constexpr unsigned kUsers = 5;

}  // namespace

AgoraAtWork::AgoraAtWork(TestDatabase& agora, CampaignRange campaigns, unsigned seed)
    : _session(agora.connector(), agora.connectionString()),
      _campaigns(campaigns),
      _random(seed),
      _thread([this] { work(); }) {}

void AgoraAtWork::stop() {
    _end = true;
    if (_thread.joinable()) _thread.join();
}

void AgoraAtWork::work() {
    while (!_end) {
        try {
            execute("BEGIN");
            workOn(std::to_string(_campaigns.first +
                                  static_cast<int>(_random() % static_cast<unsigned>(_campaigns.count))));
            execute("COMMIT");
            ++_transactions;
        } catch (const Poco::Exception& e) {
            ++_refusals;
            _refusal = e.displayText();
            execute("ROLLBACK");
        }
    }
}

void AgoraAtWork::workOn(const std::string& campaign) {
    execute("SELECT id FROM campaigns WHERE id = " + campaign + " FOR UPDATE");
    std::this_thread::sleep_for(std::chrono::microseconds(_random() % 2'000));
    switch (_random() % 8) {
        case 0:
        case 1:
            return edit(campaign);
        case 2:
            return end(campaign, "annulee", "cancelled");
        case 3:
            return end(campaign, "archivee", "archived");
        default:
            answer(campaign, std::to_string(_random() % kUsers + 1), _random() % 8 == 0 ? "refuse" : "valide");
    }
}

void AgoraAtWork::edit(const std::string& campaign) {
    execute("DELETE FROM validations WHERE campaign_id = " + campaign);
    if (_random() % 2 == 0) {
        execute("DELETE FROM validation_tokens WHERE campaign_id = " + campaign);
        execute(
            "INSERT INTO validation_tokens (token, campaign_id, user_id, expires_at) "
            "SELECT SHA2(CONCAT(RAND(), user_id), 256), campaign_id, user_id, '2030-01-01' FROM campaign_validators "
            "WHERE campaign_id = " +
            campaign);
    } else {
        execute(
            "UPDATE validation_tokens SET token = SHA2(CONCAT(RAND(), user_id), 256), used_at = NULL "
            "WHERE campaign_id = " +
            campaign);
    }
    execute("UPDATE campaigns SET statut = 'en_validation' WHERE id = " + campaign);
    log(campaign, "1", "edited");
}

void AgoraAtWork::end(const std::string& campaign, const std::string& status, const std::string& action) {
    execute("UPDATE campaigns SET statut = '" + status + "' WHERE id = " + campaign);
    log(campaign, "1", action);
}

void AgoraAtWork::answer(const std::string& campaign, const std::string& user, const std::string& action) {
    const std::string token =
        " validation_tokens WHERE campaign_id = " + campaign + " AND user_id = " + user + " AND used_at IS NULL";
    if (number("SELECT COUNT(*) FROM (SELECT id FROM" + token + " FOR UPDATE) t") == 0) return;
    execute("INSERT INTO validations (campaign_id, user_id, action, validated_at) VALUES (" + campaign + ", " + user +
            ", '" + action + "', NOW())");
    execute("UPDATE validation_tokens SET used_at = NOW() WHERE campaign_id = " + campaign + " AND user_id = " + user +
            " AND used_at IS NULL");
    log(campaign, user, action == "refuse" ? "rejected" : "validated");
    decide(campaign, user);
}

void AgoraAtWork::decide(const std::string& campaign, const std::string& user) {
    const std::string where = " FROM validations WHERE campaign_id = " + campaign;
    if (number("SELECT COUNT(*) FROM campaigns WHERE statut = 'en_validation' AND id = " + campaign) == 0) return;
    const bool refused = number("SELECT COUNT(*)" + where + " AND action = 'refuse'") > 0;
    if (!refused && number("SELECT COUNT(DISTINCT user_id)" + where + " AND action = 'valide'") < kUsers) return;
    const std::string status = refused ? "refusee" : "validee";
    execute("UPDATE campaigns SET statut = '" + status + "' WHERE id = " + campaign);
    log(campaign, user, "status_changed", status);
}

void AgoraAtWork::execute(const std::string& sql) {
    _session << sql, now;
}

long long AgoraAtWork::number(const std::string& sql) {
    Poco::Int64 value = 0;
    _session << sql, into(value), now;
    return value;
}

void AgoraAtWork::log(const std::string& campaign, const std::string& user, const std::string& action,
                      const std::string& newStatus) {
    execute("INSERT INTO campaign_logs (campaign_id, user_id, action, description, new_values) VALUES (" + campaign +
            ", " + user + ", '" + action + "', 'Agora', " +
            (newStatus.empty() ? "NULL" : "JSON_OBJECT('statut', '" + newStatus + "')") + ")");
}
