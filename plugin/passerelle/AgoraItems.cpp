#include "AgoraItems.h"

#include "BulkInsert.h"
#include "ServerNeeds.h"

#include "shared/FoldedText.h"

#include "Poco/Exception.h"
#include "Poco/Nullable.h"
#include "Poco/String.h"
#include "Poco/Tuple.h"

#include <algorithm>

namespace passerelle {
namespace {

using namespace Poco::Data::Keywords;
using Poco::Data::Statement;

constexpr const char* kCampaignTitles = "SELECT id, SUBSTR(titre, 1, 500) FROM campaigns WHERE id IN (";
constexpr const char* kUserNames = "SELECT id, prenom, nom FROM users WHERE id IN (";
constexpr const char* kTokenPlaces = "SELECT token, campaign_id, user_id FROM validation_tokens WHERE token IN (";
constexpr const char* kUsersByName = R"sql(
    SELECT id, COALESCE(prenom, ''), COALESCE(nom, '') FROM users WHERE id > ? ORDER BY id LIMIT 2000)sql";
constexpr const char* kCampaignsOf[] = {
    "SELECT DISTINCT campaign_id, user_id FROM campaign_validators WHERE user_id IN (",
    "SELECT DISTINCT campaign_id, user_id FROM validation_tokens WHERE user_id IN (",
    "SELECT DISTINCT campaign_id, user_id FROM validations WHERE user_id IN ("};
constexpr const char* kValidationPlaces = "SELECT id, campaign_id, user_id, action FROM validations WHERE id IN (";
constexpr const char* kAppliedAnswers = R"sql(
    SELECT id, COALESCE(action, ''), SUBSTR(COALESCE(commentaire, ''), 1, 2001), SUBSTR(validated_at, 1, 19)
      FROM validations WHERE id IN ()sql";
constexpr const char* kCampaignStatuses = "SELECT id, statut FROM campaigns WHERE id IN (";
constexpr const char* kCampaignTokens = R"sql(
    SELECT campaign_id, user_id, token, CASE WHEN used_at IS NULL THEN 0 ELSE 1 END
      FROM validation_tokens WHERE campaign_id IN ()sql";
constexpr const char* kFirstOfCampaign = "SELECT campaign_id, MIN(id) FROM validations WHERE campaign_id IN (";
constexpr std::size_t kMostUsers = 500;
constexpr std::size_t kMostPairs = 5'000;

using Text = std::string;
using NullableText = Poco::Nullable<std::string>;
using Pair = Poco::Tuple<std::int64_t, std::int64_t>;

/// The session as it is does for numbers; texts need its character set.
enum class Reads { Numbers, Texts };

template <typename Row, typename Take>
void selectByIds(AgoraSession& session, Reads what, const std::string& sql, std::vector<std::int64_t>& ids,
                 const std::string& tail, Take take) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::erase(ids, 0);
    inPieces(ids, [&](std::span<std::int64_t> piece) {
        std::vector<Row> rows;
        session.withRetries("look up what Agora knows of items", [&] {
            rows.clear();
            namingRights(session, RightsOf::Synchronisation, [&] {
                Statement select(what == Reads::Texts ? session.forTransaction() : session.get());
                select << sql + literals(piece) + ")" + tail, into(rows);
                execute(select);
            });
        });
        for (const auto& row : rows) take(row);
    });
}

/// Whether somebody of these names is meant. What goes on from one name into the other was typed with a blank, or is
/// both of them: `dupree` is not Dupré Élodie, `dupré é` is.
bool isNamed(const std::string& typed, const std::string& first, const std::string& last) {
    const std::string wanted = carillon::foldedName(typed);
    const std::string names[] = {carillon::foldedName(first), carillon::foldedName(last)};
    const auto has = [&wanted](const std::string& text) { return text.find(wanted) != std::string::npos; };
    if (has(names[0]) || has(names[1])) return true;
    const std::string whole[] = {names[0] + names[1], names[1] + names[0]};
    if (wanted == whole[0] || wanted == whole[1]) return true;
    const bool hasBlank = Poco::trim(carillon::folded(typed)).find(' ') != std::string::npos;
    return hasBlank && (has(whole[0]) || has(whole[1]));
}

}  // namespace

std::map<std::int64_t, std::string> AgoraItems::titles(std::vector<std::int64_t> campaigns) {
    std::map<std::int64_t, std::string> titles;
    using Row = Poco::Tuple<std::int64_t, Text>;
    selectByIds<Row>(_session, Reads::Texts, kCampaignTitles, campaigns, "",
                     [&](const Row& row) { titles[row.get<0>()] = row.get<1>(); });
    return titles;
}

std::map<std::int64_t, std::string> AgoraItems::names(std::vector<std::int64_t> users) {
    std::map<std::int64_t, std::string> names;
    using Row = Poco::Tuple<std::int64_t, NullableText, NullableText>;
    selectByIds<Row>(_session, Reads::Texts, kUserNames, users, "", [&](const Row& row) {
        const std::string first = row.get<1>().value("");
        const std::string last = row.get<2>().value("");
        names[row.get<0>()] = first + (first.empty() || last.empty() ? "" : " ") + last;
    });
    return names;
}

std::unordered_map<std::string, TokenPlace> AgoraItems::places(std::vector<std::string> tokens) {
    // One that is not ASCII cannot be compared with every column; such tokens are nobody's but strangers'.
    std::erase_if(tokens,
                  [](const std::string& token) { return token.empty() || token.size() > 64 || !isAscii(token); });
    std::sort(tokens.begin(), tokens.end());
    tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    std::unordered_map<std::string, TokenPlace> places;
    using Row = Poco::Tuple<Text, std::int64_t, std::int64_t>;
    inPieces(tokens, [&](std::span<std::string> piece) {
        std::vector<Row> rows;
        _session.withRetries("look up tokens", [&] {
            rows.clear();
            Statement select(_session.forTransaction());
            select << kTokenPlaces + placeholders(piece.size()) + ")", into(rows);
            for (auto& token : piece) select, use(token);
            execute(select);
        });
        for (const auto& row : rows) places[row.get<0>()] = {row.get<1>(), row.get<2>()};
    });
    return places;
}

/// They are compared here, and not by the server: collations differ in what they take for the same, and so would
/// SQLite.
std::vector<std::int64_t> AgoraItems::usersNamed(const std::string& person) {
    if (carillon::foldedName(person).empty()) throw carillon::Failure(say("items.noname", {{"given", person}}));
    using Row = Poco::Tuple<std::int64_t, Text, Text>;
    std::vector<std::int64_t> users;
    std::vector<Row> rows;
    std::int64_t last = -1;
    do {
        _session.withRetries("look up people", [&] {
            rows.clear();
            std::int64_t after = last;
            Statement select(_session.forTransaction());
            select << kUsersByName, use(after), into(rows);
            execute(select);
        });
        for (const auto& row : rows)
            if (isNamed(person, row.get<1>(), row.get<2>())) users.push_back(row.get<0>());
        if (!rows.empty()) last = rows.back().get<0>();
    } while (!rows.empty() && users.size() <= kMostUsers);
    return users;
}

ItemFilter::Pairs AgoraItems::campaignsOf(const std::string& person) {
    auto users = usersNamed(person);
    const auto refuseMany = [&person](bool isTooMuch) {
        if (isTooMuch) throw carillon::Failure(say("items.toomany", {{"name", person}}));
    };
    refuseMany(users.size() > kMostUsers);
    ItemFilter::Pairs pairs;
    for (const auto* sql : kCampaignsOf)
        selectByIds<Pair>(_session, Reads::Numbers, sql, users, "",
                          [&](const Pair& row) { pairs.emplace_back(row.get<0>(), row.get<1>()); });
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    refuseMany(pairs.size() > kMostPairs);
    return pairs;
}

std::unordered_map<std::int64_t, ValidationPlace> AgoraItems::validations(std::vector<std::int64_t> ids) {
    std::unordered_map<std::int64_t, ValidationPlace> found;
    using Row = Poco::Tuple<std::int64_t, std::int64_t, std::int64_t, NullableText>;
    selectByIds<Row>(_session, Reads::Texts, kValidationPlaces, ids, "", [&](const Row& row) {
        found[row.get<0>()] = {row.get<1>(), row.get<2>(), row.get<3>().value("")};
    });
    return found;
}

std::map<std::int64_t, AppliedAnswer> AgoraItems::answers(std::vector<std::int64_t> ids) {
    std::map<std::int64_t, AppliedAnswer> answers;
    using Row = Poco::Tuple<std::int64_t, Text, Text, NullableText>;
    selectByIds<Row>(_session, Reads::Texts, kAppliedAnswers, ids, "", [&](const Row& row) {
        answers[row.get<0>()] = {row.get<1>(), row.get<2>(), row.get<3>().value("")};
    });
    return answers;
}

std::map<std::int64_t, std::string> AgoraItems::statuses(std::vector<std::int64_t> campaigns) {
    std::map<std::int64_t, std::string> statuses;
    using Row = Poco::Tuple<std::int64_t, NullableText>;
    selectByIds<Row>(_session, Reads::Texts, kCampaignStatuses, campaigns, "",
                     [&](const Row& row) { statuses[row.get<0>()] = row.get<1>().value(""); });
    return statuses;
}

std::map<std::int64_t, std::vector<CampaignToken>> AgoraItems::tokens(std::vector<std::int64_t> campaigns) {
    std::map<std::int64_t, std::vector<CampaignToken>> tokens;
    using Row = Poco::Tuple<std::int64_t, std::int64_t, Text, std::int64_t>;
    selectByIds<Row>(_session, Reads::Texts, kCampaignTokens, campaigns, "", [&](const Row& row) {
        tokens[row.get<0>()].push_back({row.get<1>(), row.get<2>(), row.get<3>() != 0});
    });
    return tokens;
}

std::map<std::int64_t, std::int64_t> AgoraItems::firstValidations(std::vector<std::int64_t> campaigns) {
    std::map<std::int64_t, std::int64_t> first;
    selectByIds<Pair>(_session, Reads::Numbers, kFirstOfCampaign, campaigns, " GROUP BY campaign_id",
                      [&](const Pair& row) { first[row.get<0>()] = row.get<1>(); });
    return first;
}

}  // namespace passerelle
