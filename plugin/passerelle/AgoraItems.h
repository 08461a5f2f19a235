#pragma once

#include "AgoraSession.h"
#include "InboxItems.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace passerelle {

/// What a token is for.
struct TokenPlace {
    std::int64_t campaign = 0;
    std::int64_t user = 0;
};

/// A row of `validations`.
struct ValidationPlace {
    std::int64_t campaign = 0;
    std::int64_t user = 0;
    std::string action{};
};

/// An answer as `validations` has it.
struct AppliedAnswer {
    std::string action{};
    std::string comment{};
    std::string answeredAt{};  ///< `validated_at`, in Agora's zone.
};

/// A token of a campaign as it is now.
struct CampaignToken {
    std::int64_t user = 0;
    std::string token{};
    bool isUsed = false;
};

/// What Agora's own tables know of items: names for those who look, and whether what was applied is there. It compares
/// no text of one table with that of another, whose collations may differ. Only reads; statements of its own, with
/// retries.
class AgoraItems {
public:
    /// Borrows the session.
    explicit AgoraItems(AgoraSession& session) : _session(session) {}

    /// Titles by number; a campaign that is gone is not among them.
    std::map<std::int64_t, std::string> titles(std::vector<std::int64_t> campaigns);
    /// `{prenom} {nom}` by number.
    std::map<std::int64_t, std::string> names(std::vector<std::int64_t> users);
    /// Where these tokens are from, of those that Agora still has.
    std::unordered_map<std::string, TokenPlace> places(std::vector<std::string> tokens);

    /// The campaigns that people whose name has this text in it were asked about, with who: accents, capital letters,
    /// blanks, hyphens and apostrophes do not matter, nor whether the first name or the last comes first. All users are
    /// looked at: there are few. Throws carillon::Failure where that is too many people, or no name.
    ItemFilter::Pairs campaignsOf(const std::string& person);

    /// `statut` by number, likewise.
    std::map<std::int64_t, std::string> statuses(std::vector<std::int64_t> campaigns);
    std::map<std::int64_t, std::vector<CampaignToken>> tokens(std::vector<std::int64_t> campaigns);
    std::unordered_map<std::int64_t, ValidationPlace> validations(std::vector<std::int64_t> ids);
    /// By id; of comments no more than a list shows.
    std::map<std::int64_t, AppliedAnswer> answers(std::vector<std::int64_t> ids);
    /// The smallest id of each campaign that has any.
    std::map<std::int64_t, std::int64_t> firstValidations(std::vector<std::int64_t> campaigns);

private:
    std::vector<std::int64_t> usersNamed(const std::string& person);

    AgoraSession& _session;
};

}  // namespace passerelle
