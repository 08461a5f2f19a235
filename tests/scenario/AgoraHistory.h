#pragma once

#include <map>
#include <set>
#include <string>

#include "AgoraAtWork.h"

/// What campaign_logs tells of some campaigns, lived through again event by event. Whoever writes there holds the lock
/// of the campaign, so that its events are in the order of their commits. All begin en_validation, with the five users
/// as validators and the tokens that the gateway knows.
class AgoraHistory {
public:
    AgoraHistory(TestDatabase& agora, CampaignRange campaigns);

    /// Events that may not follow what came before; empty: none. A second effect, an answer with a token that was no
    /// longer there, a status without the answers for it, or changed where it was not en_validation.
    const std::string& faults() const { return _faults; }
    /// How the tables must look in the end, and how they do: a line a campaign.
    std::string expected() const;
    static std::string found(TestDatabase& agora, CampaignRange campaigns);

    bool isSynchronised(long long campaign, int user) const {
        return _campaigns.at(campaign).synchronised.contains(user);
    }
    /// With the token that the gateway knows.
    bool isAnsweredDirectly(long long campaign, int user) const {
        return _campaigns.at(campaign).direct.contains(user);
    }
    bool isEdited(long long campaign) const { return _campaigns.at(campaign).edits > 0; }

private:
    struct Campaign {
        std::string status = "en_validation";
        std::string due{};  ///< The status that the last answer brings, until it is logged.
        std::map<int, std::string> votes{};
        std::set<int> synchronised{};
        std::set<int> direct{};
        int edits = 0;
    };

    struct Event {
        std::string action{};
        int user = 0;
        bool synchronised = false;
        std::string newStatus{};
    };

    /// What is wrong with it.
    static std::string follow(Campaign& campaign, const Event& event);
    static std::string followAnswer(Campaign& campaign, const Event& event);
    static std::string statusOf(const Campaign& campaign);

    std::map<long long, Campaign> _campaigns{};
    std::string _faults{};
};
