#pragma once

#include "Decision.h"
#include "Validation.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

/// What a batch does to the database: a pure function of the batch and of what the database holds.
namespace passerelle {

/// A campaign and the answers it has.
struct CampaignState {
    std::string status{};  ///< campaigns.statut
    std::set<std::int64_t> validators{};
    std::set<std::int64_t> approvedBy{};
    bool refused = false;

    /// Counts one more answer. Returns the status that it brings: refusee on one refusal, validee when every validator
    /// has approved (distinct users, not answers), else empty. Only en_validation ever changes, and only for a campaign
    /// that has validators.
    std::string answer(std::int64_t user, Action action);
};

/// What the database holds for a batch, read under the locks that hold until its commit.
struct Facts {
    std::unordered_map<std::string, TokenRow> tokens{};    ///< By token, to the letter.
    std::unordered_map<std::string, KnownAnswer> known{};  ///< By identity in the inbox.
    std::unordered_map<std::int64_t, CampaignState> campaigns{};
};

struct InboxRow {
    std::string identity{};
    std::string digest{};
    std::int64_t gatewayId = 0;  ///< 0: not to be acknowledged.
    bool recognised = false;     ///< Agora knows its token, or did once.
    std::string payload{};
    Decision decision{};
    std::int64_t campaign = 0;    ///< Of its token; 0: Agora does not know it, as the one below.
    std::int64_t user = 0;        ///< Likewise.
    std::int64_t validation = 0;  ///< Applied: its row in `validations` (AgoraDatabase::write); 0: not known.
};

struct ValidationRow {
    std::int64_t campaign = 0;
    std::int64_t user = 0;
    Action action = Action::Approve;
    std::optional<std::string> comment{};
    std::string answeredAt{};
    std::int64_t id = 0;  ///< Once it is written; 0: not known.
};

struct LogRow {
    std::int64_t campaign = 0;
    std::int64_t user = 0;
    std::string action{};
    std::string description{};
    std::optional<std::string> oldValues{};
    std::optional<std::string> newValues{};
};

/// A status that an answer has brought to a campaign.
struct StatusChange {
    std::int64_t campaign = 0;
    std::int64_t token = 0;    ///< Of the answer.
    std::string answeredAt{};  ///< In Agora's zone.
    std::string status{};      ///< The new one.
};

/// Everything that one batch writes, and what is said of it.
struct Effects {
    std::vector<InboxRow> received{};     ///< New in the inbox.
    std::vector<InboxRow> redelivered{};  ///< In the inbox already; only their place on the gateway changes.
    std::vector<ValidationRow> validations{};
    std::vector<std::int64_t> usedTokens{};
    std::vector<LogRow> logs{};
    std::map<std::string, std::vector<std::int64_t>> statuses{};  ///< New status -> campaigns.
    std::vector<StatusChange> changes{};                          ///< The same, one by one.
    std::int64_t applied = 0;
    std::int64_t duplicate = 0;
    std::int64_t rejected = 0;
    std::int64_t recognised = 0;                      ///< Of all these: Agora knows the token, or did once.
    std::map<std::string, std::int64_t> reasons{};    ///< Of the rejections, counted.
    std::map<std::string, std::int64_t> left{};       ///< Why some of all these stay on the gateway, counted.
    std::optional<carillon::TimePoint> oldestLeft{};  ///< The answer of the oldest of them.
    std::vector<std::int64_t> staying{};              ///< Ids of them: another item may have one of them, too.
    std::vector<Message> warnings{};
};

/// What is no moment is passed over.
void takeOlder(std::optional<carillon::TimePoint>& oldest, std::optional<carillon::TimePoint> at);

/// The inbox key of a further answer, by its digest, for an identity that is taken by another answer.
std::string conflictIdentity(const std::string& identity, const std::string& digest);

/// Decides the items, which are identified, in their order, each seeing what the earlier ones did: the result is that
/// of one item after the other, whatever the size of the batch. Changes the facts accordingly.
Effects settle(const std::vector<Validation>& items, Facts& facts, const AgoraTime& time);

}  // namespace passerelle
