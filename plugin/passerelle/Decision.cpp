#include "Decision.h"

#include "AgoraTime.h"
#include "BoundedStringBuffer.h"
#include "Encoding.h"

#include "Poco/DigestEngine.h"
#include "Poco/SHA2Engine.h"

#include <algorithm>

namespace passerelle {
namespace {

constexpr std::size_t kLongestToken = 64;
constexpr std::size_t kTextColumnBytes = 65'535;
constexpr std::string_view kEllipsis = "…";

std::string sha256(const std::string& text) {
    Poco::SHA2Engine engine;
    engine.update(text);
    return Poco::DigestEngine::digestToHex(engine.digest());
}

std::size_t countCharacters(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool isTooLong(const std::string& token) {
    return countCharacters(token) > kLongestToken;
}

/// A gateway that is updated may write the same moment in another form: all of them in the one that is common today.
std::string momentOf(const std::string& text) {
    constexpr std::size_t kCommon = sizeof("2026-11-20 10:00:00") - 1;
    if (text.size() == kCommon && text[10] == ' ') return text;
    const auto written = parseDateTime(text);
    return written ? formatDateTime(written->local - written->offset.value_or(std::chrono::seconds(0))) : text;
}

/// What is wrong with the values; empty: nothing. No value is told: details are read also by who may not see what
/// people answered. Who may, sees it in the item.
Message findDefect(const Validation& item, const std::optional<std::string>& answeredAt) {
    if (!item.defect.empty()) return recognise(item.defect, {kRejectCodes, "json."});
    if (item.token.empty()) return say("reject.notoken");
    if (isTooLong(item.token)) return say("reject.longtoken", {{"characters", countCharacters(item.token)}});
    if (item.action != "valide" && item.action != "refuse") return say("reject.otheraction");
    if (!answeredAt) return say("reject.othermoment");
    if (item.gatewayId <= 0) return say("reject.noid");
    return {};
}

}  // namespace

Message rejectDetail(const std::string& stored) {
    // As once was: with the value.
    if (stored.starts_with("action is '")) return say("reject.otheraction");
    if (stored.starts_with("validated_at is '")) return say("reject.othermoment");
    return recognise(stored, {kRejectCodes, "json."});
}

std::string_view reasonName(Reason reason) {
    switch (reason) {
        case Reason::None:
            return "";
        case Reason::Malformed:
            return "malformed";
        case Reason::TooLarge:
            return "too_large";
        case Reason::UnknownToken:
            return "unknown_token";
        case Reason::TokenAlreadyUsed:
            return "token_already_used";
        case Reason::TokenExpired:
            return "token_expired";
        case Reason::ConflictingAnswer:
            return "conflicting_answer";
        case Reason::RefusedByDatabase:
            return "refused_by_database";
    }
    return "";
}

Decision decide(const Validation& item, const TokenRow* token, const KnownAnswer* known, const AgoraTime& time) {
    const auto answeredAt = time.fromGateway(item.validatedAt);
    Decision decision;
    decision.action = item.action == "refuse" ? Action::Refuse : Action::Approve;
    decision.answeredAt = answeredAt.value_or("");
    const auto reject = [&decision](Reason reason, Message detail) {
        decision.reason = reason;
        decision.detail = std::move(detail);
        return decision;
    };
    if (known != nullptr && known->digest == item.digest) {
        decision.ending = Ending::Duplicate;
        return decision;
    }
    if (!item.refusal.empty()) return reject(Reason::RefusedByDatabase, item.refusal);
    // Anybody may put anything into a gateway. What Agora never gave is not worth its size, nor to be read again.
    const bool unknown = token == nullptr && (known == nullptr || !known->applied);
    if (item.cut && (!unknown || item.token.empty())) return reject(Reason::TooLarge, say("reject.toolarge"));
    const bool junk = unknown && !item.token.empty() && (!item.defect.empty() || isTooLong(item.token));
    if (const Message defect = findDefect(item, answeredAt); !defect.empty() && !junk)
        return reject(Reason::Malformed, defect);
    if (unknown) return reject(Reason::UnknownToken, say("reject.unknown"));
    if (known != nullptr && known->applied) return reject(Reason::ConflictingAnswer, say("reject.conflict"));
    if (!token->usedAt.empty()) return reject(Reason::TokenAlreadyUsed, say("reject.used", {{"at", token->usedAt}}));
    if (*answeredAt > token->expiresAt)
        return reject(Reason::TokenExpired,
                      say("reject.expired", {{"answered", *answeredAt}, {"expired", token->expiresAt}}));
    decision.ending = Ending::Applied;
    return decision;
}

std::string answerDigest(const Validation& item) {
    const std::string moment = momentOf(item.validatedAt);
    std::string text;
    text.reserve(item.action.size() + (item.comment ? item.comment->size() : 0) + moment.size() + 3);
    text.append(item.action).push_back('\0');
    text += item.comment ? '1' : '0';
    if (item.comment) text += *item.comment;
    text.push_back('\0');
    text += moment;
    return sha256(text).substr(0, 32);
}

std::string inboxIdentity(const Validation& item) {
    const auto isOdd = [](char c) {
        const auto letter = static_cast<unsigned char>((c | 0x20) - 'a');
        const auto digit = static_cast<unsigned char>(c - '0');
        return (letter >= 26) & (digit >= 10) & (c != '-') & (c != '_');
    };
    if (item.token.empty()) return "item:" + item.fingerprint;
    const char* const end = item.token.data() + item.token.size();
    if (item.token.size() <= kLongestToken && findByte(item.token.data(), end, isOdd) == end) return item.token;
    return "sha256:" + sha256(item.token);
}

void identify(Validation& item) {
    item.identity = inboxIdentity(item);
    item.digest = answerDigest(item);
}

StoredComment fitComment(const std::string& comment) {
    if (comment.size() <= kTextColumnBytes) return {comment, false};
    return {beginningOf(comment, kTextColumnBytes - kEllipsis.size()) + std::string(kEllipsis), true};
}

}  // namespace passerelle
