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

    /// The campaigns that people whose name has this text in it were asked about, with who. Throws
    /// Poco::InvalidArgumentException where that is too many people.
    ItemFilter::Pairs campaignsOf(const std::string& person);

    /// `statut` by number, likewise.
    std::map<std::int64_t, std::string> statuses(std::vector<std::int64_t> campaigns);
    std::map<std::int64_t, std::vector<CampaignToken>> tokens(std::vector<std::int64_t> campaigns);
    std::unordered_map<std::int64_t, ValidationPlace> validations(std::vector<std::int64_t> ids);
    /// The smallest id of each campaign that has any.
    std::map<std::int64_t, std::int64_t> firstValidations(std::vector<std::int64_t> campaigns);

private:
    AgoraSession& _session;
};

}  // namespace passerelle
