#include "Settlement.h"

#include "Encoding.h"

#include <algorithm>

namespace passerelle {
namespace {

constexpr const char* kPending = "en_validation";
constexpr const char* kApproved = "validee";
constexpr const char* kRefused = "refusee";

template <typename Map, typename Key>
auto* findIn(Map& map, const Key& key) {
    const auto it = map.find(key);
    return it == map.end() ? nullptr : &it->second;
}

std::string statusJson(const std::string& status) {
    return R"({"statut":")" + status + R"("})";
}

LogRow answerLog(const TokenRow& token, Action action) {
    const std::string name = token.userName.empty() ? "Validateur inconnu" : token.userName;
    const bool refused = action == Action::Refuse;
    return {token.campaign,
            token.user,
            refused ? "rejected" : "validated",
            (refused ? "Refus par " : "Validation par ") + name + " (synchronisé depuis la passerelle)",
            {},
            {}};
}

LogRow statusLog(const TokenRow& token, const std::string& status) {
    return {token.campaign,
            token.user,
            "status_changed",
            std::string("Changement de statut : En validation → ") + (status == kRefused ? "Refusée" : "Validée"),
            statusJson(kPending),
            statusJson(status)};
}

void apply(const Validation& item, const Decision& decision, TokenRow& token, Facts& facts, Effects& effects) {
    token.usedAt = decision.answeredAt;  // for a second item with this token in the same batch
    ValidationRow row{token.campaign, token.user, decision.action, item.comment, decision.answeredAt};
    if (item.comment) {
        StoredComment stored = fitComment(*item.comment);
        if (stored.cut)
            effects.warnings.push_back(
                say("commentcut", {{"token", shortToken(item.token)}, {"n", item.comment->size()}}));
        row.comment = std::move(stored.text);
    }
    effects.validations.push_back(std::move(row));
    effects.usedTokens.push_back(token.id);
    effects.logs.push_back(answerLog(token, decision.action));
    ++effects.applied;
    auto* campaign = findIn(facts.campaigns, token.campaign);
    if (campaign == nullptr) return;
    if (const std::string status = campaign->answer(token.user, decision.action); !status.empty()) {
        effects.statuses[status].push_back(token.campaign);
        effects.changes.push_back({token.campaign, token.id, decision.answeredAt, status});
        effects.logs.push_back(statusLog(token, status));
    }
}

void reject(const Validation& item, const Decision& decision, Effects& effects) {
    const std::string reason(reasonName(decision.reason));
    ++effects.rejected;
    ++effects.reasons[reason];
    effects.warnings.push_back(
        say("rejectedas",
            {{"token", shortToken(item.token)}, {"reason", say("why." + reason)}, {"detail", decision.detail}}));
}

/// Of a stranger's item no more is kept than Agora could take of it.
std::string payloadOf(const Validation& item, const Decision& decision) {
    constexpr std::size_t kMostOfStranger = 68 << 10;
    if (decision.reason != Reason::UnknownToken || item.payload.size() <= kMostOfStranger) return item.payload;
    std::string json = "{\"id\":" + std::to_string(item.gatewayId);
    const auto add = [&json](const char* name, const std::string& text) {
        json.append(",\"").append(name).append("\":");
        appendJson(json, text);
    };
    add("token", beginningOf(item.token, 256));
    add("action", beginningOf(item.action, 256));
    if (item.comment) add("commentaire", fitComment(*item.comment).text);
    add("validated_at", beginningOf(item.validatedAt, 256));
    return json + '}';
}

/// Why the item stays on the gateway; empty: it is to be acknowledged. What only the gateway has whole stays there,
/// unless it is a stranger's or a person had it applied as it is.
std::string_view whyLeft(const Validation& item, const Decision& decision, const TokenRow* token,
                         const KnownAnswer* known) {
    const bool large = decision.reason == Reason::TooLarge ||
                       (decision.ending == Ending::Duplicate && item.cut && token != nullptr && !known->applied);
    if (large) return reasonName(Reason::TooLarge);
    return item.gatewayId > 0 ? "" : "no usable id";
}

void noteLeft(const Validation& item, std::string_view why, const AgoraTime& time, Effects& effects) {
    ++effects.left[std::string(why)];
    takeOlder(effects.oldestLeft, time.instantOf(item.validatedAt));
    if (item.gatewayId > 0) effects.staying.push_back(item.gatewayId);
}

/// The key under which this very answer is or will be in the inbox. A second, different answer for a token must not
/// take the place of the first one.
std::string identityOf(const Validation& item, const Facts& facts) {
    const auto* known = findIn(facts.known, item.identity);
    if (known == nullptr || known->digest == item.digest) return item.identity;
    return conflictIdentity(item.identity, item.digest);
}

}  // namespace

void takeOlder(std::optional<carillon::TimePoint>& oldest, std::optional<carillon::TimePoint> at) {
    if (at && (!oldest || *at < *oldest)) oldest = at;
}

std::string conflictIdentity(const std::string& identity, const std::string& digest) {
    return identity + "~" + digest.substr(0, 16);
}

std::string CampaignState::answer(std::int64_t user, Action action) {
    if (action == Action::Refuse)
        refused = true;
    else
        approvedBy.insert(user);
    if (status != kPending || validators.empty()) return "";
    if (refused)
        status = kRefused;
    else if (std::includes(approvedBy.begin(), approvedBy.end(), validators.begin(), validators.end()))
        status = kApproved;
    else
        return "";
    return status;
}

Effects settle(const std::vector<Validation>& items, Facts& facts, const AgoraTime& time) {
    Effects effects;
    for (const Validation& item : items) {
        InboxRow row;
        row.digest = item.digest;
        row.identity = identityOf(item, facts);
        const auto* known = findIn(facts.known, row.identity);
        if (known == nullptr) known = findIn(facts.known, item.identity);
        TokenRow* token = findIn(facts.tokens, item.token);
        row.decision = decide(item, token, known, time);
        row.payload = payloadOf(item, row.decision);
        row.recognised = token != nullptr || (known != nullptr && known->applied);
        if (token != nullptr) {
            row.campaign = token->campaign;
            row.user = token->user;
        }
        effects.recognised += row.recognised ? 1 : 0;
        if (const auto why = whyLeft(item, row.decision, token, known); why.empty())
            row.gatewayId = item.gatewayId;
        else
            noteLeft(item, why, time, effects);
        if (row.decision.ending == Ending::Duplicate) {
            ++effects.duplicate;
            effects.redelivered.push_back(std::move(row));
            continue;
        }
        facts.known[row.identity] = {row.digest, row.decision.ending == Ending::Applied};
        if (row.decision.ending == Ending::Applied)
            apply(item, row.decision, *token, facts, effects);
        else
            reject(item, row.decision, effects);
        effects.received.push_back(std::move(row));
    }
    return effects;
}

}  // namespace passerelle
