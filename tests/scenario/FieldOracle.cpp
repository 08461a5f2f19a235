#include "FieldOracle.h"

#include <algorithm>
#include <iterator>

#include "FieldTexts.h"
#include "ParisTime.h"
#include "Poco/Data/Session.h"
#include "Poco/JSON/Parser.h"

namespace {

using namespace Poco::Data::Keywords;

constexpr std::size_t kTextColumn = 65'535;  // bytes
// Of a stranger's answer no more has to be kept than Agora could take of it.
constexpr std::size_t kStrangersToken = 200;
constexpr std::size_t kStrangersComment = 60'000;
constexpr const char* kUsedByTheRun = "by the run";

bool isSameAnswer(const Answer& one, const Answer& other) {
    return one.action == other.action && one.comment == other.comment && one.validatedAt == other.validatedAt;
}

bool beginsCharacter(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
}

/// Whole characters.
std::string beginningOf(const std::string& text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (!beginsCharacter(text[bytes])) --bytes;
    return text.substr(0, bytes);
}

/// As a TEXT column takes it, with an ellipsis where something is missing.
std::string stored(const std::string& comment) {
    const std::string ellipsis = "…";
    return comment.size() <= kTextColumn ? comment : beginningOf(comment, kTextColumn - ellipsis.size()) + ellipsis;
}

std::string hashOf(const std::optional<std::string>& text) {
    return text ? fieldSha256(*text) : "-";
}

std::string keyOf(const FieldQuestion& question) {
    return std::to_string(question.campaign) + ' ' + std::to_string(question.user);
}

std::string inboxLine(const std::string& state, const std::string& id, Answer answer) {
    if (state == "rejected unknown_token") {
        answer.token = beginningOf(answer.token, kStrangersToken);
        if (answer.comment) answer.comment = beginningOf(*answer.comment, kStrangersComment);
    }
    return state + ": " + id + ' ' + fieldSha256(answer.token) + ' ' + answer.action + ' ' + hashOf(answer.comment) +
           ' ' + answer.validatedAt;
}

std::multiset<std::string> sortedLinesOf(Scene& scene, const std::string& select) {
    std::vector<std::string> lines;
    scene.agora().session() << select, into(lines), now;
    return {lines.begin(), lines.end()};
}

/// The items that the inbox keeps, each read as JSON.
std::multiset<std::string> inboxLines(Scene& scene) {
    std::vector<std::string> states;
    std::vector<std::string> payloads;
    scene.agora().session() << "SELECT CAST(CONCAT_WS(' ', state, reason) AS CHAR(60)), LEFT(payload, 4000000) "
                               "FROM passerelle_inbox",
        into(states), into(payloads), now;
    std::multiset<std::string> lines;
    for (std::size_t i = 0; i < states.size(); ++i) {
        const auto item = Poco::JSON::Parser().parse(payloads[i]).extract<Poco::JSON::Object::Ptr>();
        Answer answer{item->getValue<std::string>("token"),
                      item->getValue<std::string>("action"),
                      {},
                      item->getValue<std::string>("validated_at")};
        if (!item->isNull("commentaire")) answer.comment = item->getValue<std::string>("commentaire");
        lines.insert(inboxLine(states[i], item->getValue<std::string>("id"), std::move(answer)));
    }
    return lines;
}

}  // namespace

FieldOracle::FieldOracle(const FieldTown& town) : _town(town) {
    for (const auto& [id, campaign] : town.campaigns()) {
        _votes[id].status = campaign.status;
        for (const int user : campaign.approvedBefore) {
            _votes[id].approvedBy.insert(user);
            _tables["validations"].insert(std::to_string(id) + ' ' + std::to_string(user) + " valide " +
                                          FieldTown::kBefore + " -");
        }
    }
    long long id = 0;
    for (const auto& given : town.answers()) deliver(++id, given);
    tellTheRest();
}

long long FieldOracle::count(const std::string& table, const std::string& part) const {
    const auto& lines = _tables.at(table);
    return std::count_if(lines.begin(), lines.end(),
                         [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

void FieldOracle::deliver(long long id, const FieldAnswer& given) {
    const Answer& answer = given.answer;
    auto& earlier = _stored[answer.token];
    if (std::any_of(earlier.begin(), earlier.end(), [&](const Answer& other) { return isSameAnswer(answer, other); })) {
        ++_duplicate;
        return;
    }
    const std::string reason = judge(given);
    earlier.push_back(answer);
    _tables["inbox"].insert(inboxLine(reason.empty() ? "applied" : "rejected " + reason, std::to_string(id), answer));
    if (reason.empty())
        apply(given);
    else
        ++_rejected;
}

std::string FieldOracle::judge(const FieldAnswer& given) const {
    const std::string& token = given.answer.token;
    if (token.empty()) return "malformed";
    if (_answered.contains(token)) return "conflicting_answer";
    const auto question = _town.questions().find(token);
    if (question == _town.questions().end()) return "unknown_token";
    if (!question->second.usedAt.empty()) return "token_already_used";
    return parisTextOf(given.at) > question->second.expiresAt ? "token_expired" : "";
}

void FieldOracle::apply(const FieldAnswer& given) {
    const Answer& answer = given.answer;
    const FieldQuestion& question = _town.questions().at(answer.token);
    const bool refuses = answer.action == "refuse";
    ++_applied;
    _answered.insert(answer.token);
    std::optional<std::string> comment;
    if (answer.comment) comment = stored(*answer.comment);
    _tables["validations"].insert(keyOf(question) + ' ' + answer.action + ' ' + parisTextOf(given.at) + ' ' +
                                  hashOf(comment));
    const auto [first, last] = FieldTown::nameOf(question.user);
    log(question, (refuses ? "rejected Refus par " : "validated Validation par ") + first + ' ' + last +
                      " (synchronisé depuis la passerelle) - -");
    Votes& votes = _votes[question.campaign];
    votes.refused = votes.refused || refuses;
    if (!refuses) votes.approvedBy.insert(question.user);
    if (votes.status != "en_validation") return;
    const auto& validators = _town.campaigns().at(question.campaign).validators;
    const bool all =
        std::includes(votes.approvedBy.begin(), votes.approvedBy.end(), validators.begin(), validators.end());
    if (!votes.refused && !all) return;
    votes.status = votes.refused ? "refusee" : "validee";
    log(question, std::string("status_changed Changement de statut : En validation → ") +
                      (votes.refused ? "Refusée" : "Validée") + R"( {"statut":"en_validation"} {"statut":")" +
                      votes.status + "\"}");
}

void FieldOracle::log(const FieldQuestion& question, const std::string& rest) {
    _tables["campaign_logs"].insert(keyOf(question) + ' ' + rest);
}

void FieldOracle::tellTheRest() {
    for (const auto& [id, votes] : _votes) _tables["campaigns"].insert(std::to_string(id) + ' ' + votes.status);
    for (const auto& [token, question] : _town.questions()) {
        const std::string used = _answered.contains(token) ? kUsedByTheRun : question.usedAt;
        _tables["validation_tokens"].insert(fieldSha256(token) + ' ' + keyOf(question) + ' ' + question.expiresAt +
                                            ' ' + (used.empty() ? "-" : used));
    }
}

FieldTables fieldTablesIn(Scene& scene, std::chrono::sys_seconds from, std::chrono::sys_seconds until) {
    FieldTables tables;
    tables["validations"] = sortedLinesOf(scene, R"sql(
        SELECT CAST(CONCAT_WS(' ', campaign_id, user_id, action, validated_at, COALESCE(SHA2(commentaire, 256), '-'))
          AS CHAR(200)) FROM validations)sql");
    tables["campaign_logs"] = sortedLinesOf(scene, R"sql(
        SELECT CAST(CONCAT_WS(' ', campaign_id, user_id, action, description, COALESCE(old_values, '-'),
          COALESCE(new_values, '-')) AS CHAR(1000)) FROM campaign_logs)sql");
    tables["campaigns"] = sortedLinesOf(scene, "SELECT CAST(CONCAT_WS(' ', id, statut) AS CHAR(60)) FROM campaigns");
    tables["validation_tokens"] = sortedLinesOf(
        scene,
        "SELECT CAST(CONCAT_WS(' ', SHA2(token, 256), campaign_id, user_id, expires_at, CASE WHEN used_at "
        "BETWEEN '" +
            parisTextOf(from) + "' AND '" + parisTextOf(until) + "' THEN '" + kUsedByTheRun +
            "' ELSE COALESCE(used_at, '-') END) AS CHAR(200)) FROM validation_tokens");
    tables["inbox"] = inboxLines(scene);
    return tables;
}

std::string fieldDifference(const FieldTables& expected, const FieldTables& found) {
    static constexpr std::size_t kShown = 5;
    std::string text;
    const auto tell = [&text](const std::string& what, const std::multiset<std::string>& one,
                              const std::multiset<std::string>& other) {
        std::vector<std::string> only;
        std::set_difference(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(only));
        for (std::size_t i = 0; i < std::min(only.size(), kShown); ++i) text += "\n" + what + ": " + only[i];
        if (only.size() > kShown) text += "\n" + what + ": and " + std::to_string(only.size() - kShown) + " more";
    };
    for (const auto& [table, lines] : expected) {
        tell("missing in " + table, lines, found.at(table));
        tell("too much in " + table, found.at(table), lines);
    }
    return text;
}
