#pragma once

#include "AgoraTime.h"
#include "Texts.h"
#include "Validation.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What becomes of one validation: pure functions of the item, its token's row, the inbox and the zone.
namespace passerelle {

enum class Ending : std::uint8_t { Applied, Duplicate, Rejected };

enum class Reason : std::uint8_t {
    None,
    Malformed,
    TooLarge,
    UnknownToken,
    TokenAlreadyUsed,
    TokenExpired,
    ConflictingAnswer,
    RefusedByDatabase
};

enum class Action : std::uint8_t { Approve, Refuse };

/// A row of validation_tokens with its user's name.
struct TokenRow {
    std::int64_t id = 0;
    std::int64_t campaign = 0;
    std::int64_t user = 0;
    std::string token{};
    std::string expiresAt{};  ///< Agora's zone.
    std::string usedAt{};     ///< Empty: not used.
    std::string userName{};   ///< `{prenom} {nom}`; empty: the user is gone.
};

/// What the inbox holds for an identity.
struct KnownAnswer {
    std::string digest{};
    bool applied = false;  ///< Else it was rejected, and leaves the way free for a better one.
};

struct Decision {
    Ending ending = Ending::Rejected;
    Reason reason = Reason::None;
    Message detail{};  ///< One sentence for a rejection; what a correction changed, of an item that is applied.
    Action action = Action::Approve;
    std::string answeredAt{};  ///< Agora's zone.
};

/// The word that is stored, shown and counted, such as unknown_token.
/// The column detail of a reject in words, and without a value that somebody gave.
Message rejectDetail(const std::string& stored);

std::string_view reasonName(Reason reason);

/// `token` is the row whose token is this item's to the letter. A token is good until and including the second of its
/// expires_at, judged by the moment of the answer. The item is identified.
Decision decide(const Validation& item, const TokenRow* token, const KnownAnswer* known, const AgoraTime& time);

/// Tells two answers for one token apart: over action, comment and moment; 32 hex digits.
std::string answerDigest(const Validation& item);

/// The key of an item in the inbox: its token; where that cannot be a key, a hash.
std::string inboxIdentity(const Validation& item);

/// Sets both in the item.
void identify(Validation& item);

/// The longest comment that `validations.commentaire`, a TEXT column, takes: cut at a character, with an ellipsis.
struct StoredComment {
    std::string text{};
    bool cut = false;
};
StoredComment fitComment(const std::string& comment);

}  // namespace passerelle
