#include "AgoraHistory.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace {

using namespace Poco::Data::Keywords;

constexpr std::size_t kValidators = 5;

std::string idIn(const std::string& column, CampaignRange campaigns) {
    return " " + column + " BETWEEN " + std::to_string(campaigns.first) + " AND " +
           std::to_string(campaigns.first + campaigns.count - 1) + " ";
}

}  // namespace

AgoraHistory::AgoraHistory(TestDatabase& agora, CampaignRange campaigns) {
    for (int i = 0; i < campaigns.count; ++i) _campaigns[campaigns.first + i];
    std::vector<int> ids;
    std::vector<int> users;
    std::vector<std::string> actions;
    std::vector<int> synchronised;
    std::vector<std::string> statuses;
    agora.session() << "SELECT campaign_id, user_id, action, description LIKE '%depuis la passerelle)', "
                       "CAST(COALESCE(JSON_VALUE(new_values, '$.statut'), '') AS CHAR(20)) FROM campaign_logs WHERE" +
                           idIn("campaign_id", campaigns) + "ORDER BY id",
        into(ids), into(users), into(actions), into(synchronised), into(statuses), now;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const Event event{actions[i], users[i], synchronised[i] != 0, statuses[i]};
        const std::string fault = follow(_campaigns[ids[i]], event);
        if (!fault.empty())
            _faults += "campaign " + std::to_string(ids[i]) + ": " + fault + " (" + event.action + " of user " +
                       std::to_string(event.user) + ")\n";
    }
    for (const auto& [id, campaign] : _campaigns)
        if (!campaign.due.empty())
            _faults += "campaign " + std::to_string(id) + ": never became " + campaign.due + '\n';
}

std::string AgoraHistory::follow(Campaign& campaign, const Event& event) {
    const std::string due = std::exchange(campaign.due, "");
    if (event.action == "status_changed") {
        campaign.status = event.newStatus;
        return event.newStatus == due ? ""
                                      : "became " + event.newStatus + " and not " + (due.empty() ? "nothing" : due);
    }
    if (event.action == "edited") {
        campaign.status = "en_validation";
        campaign.votes.clear();
        ++campaign.edits;
    } else if (event.action == "cancelled" || event.action == "archived") {
        campaign.status = event.action == "cancelled" ? "annulee" : "archivee";
    } else {
        std::string fault = followAnswer(campaign, event);
        if (!fault.empty()) return fault;
    }
    return due.empty() ? "" : "did not become " + due;
}

std::string AgoraHistory::followAnswer(Campaign& campaign, const Event& event) {
    const bool first = campaign.votes.emplace(event.user, event.action == "rejected" ? "refuse" : "valide").second;
    campaign.due = statusOf(campaign);
    if (!event.synchronised && campaign.edits == 0) campaign.direct.insert(event.user);
    if (event.synchronised) campaign.synchronised.insert(event.user);
    if (!first) return "a second answer";
    return event.synchronised && campaign.edits > 0 ? "an answer to what it was before it was edited" : "";
}

std::string AgoraHistory::statusOf(const Campaign& campaign) {
    if (campaign.status != "en_validation") return "";
    const bool refused = std::any_of(campaign.votes.begin(), campaign.votes.end(),
                                     [](const auto& vote) { return vote.second == "refuse"; });
    return refused ? "refusee" : campaign.votes.size() == kValidators ? "validee" : "";
}

std::string AgoraHistory::expected() const {
    std::string text;
    for (const auto& [id, campaign] : _campaigns) {
        std::string votes;
        std::string used;
        for (const auto& [user, vote] : campaign.votes) {
            votes += votes.empty() ? "" : ",";
            votes.append(std::to_string(user)).append(vote);
            used += (used.empty() ? "" : ",") + std::to_string(user);
        }
        text += std::to_string(id) + ' ' + campaign.status + " votes " + votes + " used " + used + '\n';
    }
    return text;
}

std::string AgoraHistory::found(TestDatabase& agora, CampaignRange campaigns) {
    std::vector<std::string> lines;
    agora.session()
        << "SELECT CAST(CONCAT(c.id, ' ', c.statut, ' votes ', COALESCE((SELECT GROUP_CONCAT(CONCAT(user_id, "
           "action) ORDER BY user_id) FROM validations WHERE campaign_id = c.id), ''), ' used ', "
           "COALESCE((SELECT GROUP_CONCAT(user_id ORDER BY user_id) FROM validation_tokens WHERE used_at IS "
           "NOT NULL AND campaign_id = c.id), '')) AS CHAR(500)) FROM campaigns c WHERE" +
               idIn("c.id", campaigns) + "ORDER BY c.id",
        into(lines), now;
    std::string text;
    for (const auto& line : lines) text += line + '\n';
    return text;
}
