#include "FieldTown.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "FieldTexts.h"
#include "ParisTime.h"
#include "Poco/String.h"

namespace {

using namespace std::chrono;

constexpr int kCampaigns = 60;
constexpr int kUsersOfTown = 12;
constexpr int kDifferent = 240;  // of all answers; the others repeat or contradict them

constexpr std::array<std::pair<const char*, const char*>, kUsersOfTown> kNames{{{"Zoé", "Müller"},
                                                                                {"Jean-Paul", "O'Brien"},
                                                                                {"Ōe", "健三郎"},
                                                                                {"Søren", "Ægir \"le Bref\""},
                                                                                {"Анна", "Иванова"},
                                                                                {"דוד", "לוי"},
                                                                                {"Łukasz", "Żółć"},
                                                                                {"Marie", "d’Été"},
                                                                                {"José", "Nuñez\\Ruiz"},
                                                                                {"Ἰωάννης", "Παπᾶς"},
                                                                                {"Claire", "🎈 Ballon"},
                                                                                {"Ann", "<b>Bold</b>"}}};

}  // namespace

FieldTown::FieldTown(unsigned seed) : _random(seed) {
    makeCampaigns();
    answerQuestions();
    addJunk();
    repeatSome();
    std::stable_sort(_answers.begin(), _answers.end(),
                     [](const FieldAnswer& one, const FieldAnswer& other) { return one.at < other.at; });
    for (auto& given : _answers) given.answer.validatedAt = utcTextOf(given.at);
}

std::pair<std::string, std::string> FieldTown::nameOf(int user) {
    return kNames.at(static_cast<std::size_t>(user) - 1);
}

void FieldTown::makeCampaigns() {
    constexpr std::array kOthers{"brouillon", "validee", "publiee", "archivee", "refusee", "annulee"};
    std::vector<int> users(kUsersOfTown);
    std::iota(users.begin(), users.end(), 1);
    for (int id = 1; id <= kCampaigns; ++id) {
        FieldCampaign& campaign = _campaigns[id];
        if (chance(25)) campaign.status = kOthers[below(kOthers.size())];
        std::shuffle(users.begin(), users.end(), _random);
        const auto count = static_cast<std::ptrdiff_t>(1 + below(5));
        campaign.validators = {users.begin(), users.begin() + count};
        for (const int user : campaign.validators) {
            addQuestion(id, user);
            if (chance(10)) addQuestion(id, user);  // the invitation was sent again
        }
        if (chance(10)) addQuestion(id, users.back());  // no validator any more
    }
}

void FieldTown::addQuestion(int campaign, int user) {
    FieldQuestion question{.campaign = campaign, .user = user};
    if (chance(10)) {
        question.usedAt = kBefore;
        if (chance(50)) _campaigns[campaign].approvedBefore.push_back(user);
    }
    _questions[questionToken()] = question;
}

/// Old ones are any 64 characters. No two of them are the same to a database that ignores case, accents or emoji.
std::string FieldTown::questionToken() {
    constexpr std::array kOld{"Jeton-", "jeton à l'été ", "🎫 ", "ẞtraße_", "токен\\", "\"%_"};
    const std::string number = std::to_string(++_tokens);
    if (chance(80)) return fieldHex(_random);
    std::string token = kOld[below(kOld.size())] + number;
    if (chance(30)) token.append(30, '.');
    return token;
}

sys_seconds FieldTown::moment() {
    const auto march = sys_days(2025y / March / Sunday[last]);
    const auto october = sys_days(2025y / October / Sunday[last]);
    // Before and after the hour that is skipped; in both passes of the one that comes twice.
    const std::array<sys_seconds, 7> odd{march + 3'599s,   march + 1h,   october,        october + 30min,
                                         october + 3'599s, october + 1h, october + 90min};
    if (chance(5)) return odd[below(odd.size())];
    return sys_days(2025y / January / 3) + seconds(below(360 * 86'400));
}

void FieldTown::answerQuestions() {
    std::vector<std::string> tokens;
    for (const auto& [token, question] : _questions)
        if (chance(question.usedAt.empty() ? 85 : 60)) tokens.push_back(token);
    std::shuffle(tokens.begin(), tokens.end(), _random);
    tokens.resize(std::min<std::size_t>(tokens.size(), kDifferent * 3 / 4));
    for (const auto& token : tokens) {
        FieldAnswer given{{token, chance(85) ? "valide" : "refuse", fieldComment(_random)}, moment()};
        setExpiry(given);
        _answers.push_back(std::move(given));
    }
}

void FieldTown::setExpiry(const FieldAnswer& answer) {
    std::string& expiresAt = _questions.at(answer.answer.token).expiresAt;
    const std::size_t kind = below(100);
    if (kind < 5) expiresAt = parisTextOf(answer.at);  // the last second
    if (kind >= 5 && kind < 10) expiresAt = parisTextOf(answer.at - seconds(1));
    if (kind >= 10 && kind < 15) expiresAt = "2025-01-03 00:00:00";
}

std::string FieldTown::junkToken() {
    constexpr std::array kTexts{"admin", "' OR 1=1 --",      "<script>", "0",  "null",
                                "1e9",   "../../etc/passwd", "🎈",        "\n", "é"};
    const std::string number = std::to_string(++_tokens);
    auto known = std::next(_questions.begin(), static_cast<std::ptrdiff_t>(below(_questions.size())))->first;
    switch (below(10)) {
        case 0:
            return fieldHex(_random);
        case 1:
            return fieldHex(_random) + "0";
        case 2:
            return std::string(1'000 + below(100'000), 't') + number;
        case 3:
            return known + " ";
        case 4:
            return Poco::toUpper(known);
        case 5:
            return known.substr(0, known.size() - 1);
        case 6:
            return "\u200b" + known;
        case 7:
            return std::string(1 + below(20), ' ');
        default:
            return kTexts[below(kTexts.size())] + number;
    }
}

void FieldTown::addJunk() {
    std::set<std::string> taken{""};
    for (const auto& given : _answers) taken.insert(given.answer.token);
    _answers.push_back({{"", "valide", fieldComment(_random)}, moment()});
    while (_answers.size() < kDifferent) {
        // Some damage of a token leaves it as it was, or makes another one that Agora knows.
        std::string token = junkToken();
        const bool isNew = !_questions.contains(token) && taken.insert(token).second;
        if (isNew) _answers.push_back({{token, chance(50) ? "valide" : "refuse", fieldComment(_random)}, moment()});
    }
}

/// As a gateway does that was set up again from an older copy.
void FieldTown::repeatSome() {
    while (_answers.size() < kAnswers) {
        FieldAnswer again = _answers[below(kDifferent)];
        if (again.answer.token.empty()) continue;
        const std::size_t kind = below(4);
        if (kind == 1) again.answer.action = again.answer.action == "valide" ? "refuse" : "valide";
        if (kind == 2) again.answer.comment = again.answer.comment.value_or("") + " (bis)";
        if (kind == 3) again.at += seconds(1 + below(86'400));
        _answers.push_back(std::move(again));
    }
}

void FieldTown::install(Scene& scene, const std::string& collation) const {
    TestDatabase& agora = scene.agora();
    for (const auto* table :
         {"settings", "users", "campaigns", "campaign_validators", "validation_tokens", "validations", "campaign_logs"})
        agora.execute(std::string("ALTER TABLE ") + table + " CONVERT TO CHARACTER SET utf8mb4 COLLATE " + collation);
    scene.beginTransaction();
    for (int user = 1; user <= kUsersOfTown; ++user) agora.addUser(user, nameOf(user).first, nameOf(user).second);
    for (const auto& [id, campaign] : _campaigns) {
        agora.addCampaign(id, campaign.status, "Campagne " + std::to_string(id));
        for (const int user : campaign.validators) agora.addValidator(id, user);
        for (const int user : campaign.approvedBefore)
            agora.execute("INSERT INTO validations (campaign_id, user_id, action, validated_at) VALUES (" +
                          std::to_string(id) + ", " + std::to_string(user) + ", 'valide', '" + kBefore + "')");
    }
    for (const auto& [token, question] : _questions)
        agora.addToken(token, question.campaign, question.user, question.expiresAt, question.usedAt);
    scene.commitTransaction();
}
