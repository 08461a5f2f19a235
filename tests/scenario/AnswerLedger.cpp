#include "AnswerLedger.h"

#include <cppunit/TestAssert.h>

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "Poco/Data/Session.h"

namespace {

using namespace Poco::Data::Keywords;

constexpr std::string_view kUtcHour = "2026-06-15 10:";
constexpr std::string_view kParisHour = "2026-06-15 12:";

bool isSame(const Answer& one, const Answer& other) {
    return one.action == other.action && one.comment == other.comment && one.validatedAt == other.validatedAt;
}

std::string lineOf(const Answer& answer, const std::string& validatedAt) {
    return answer.token + ' ' + answer.action + ' ' + (answer.comment ? "'" + *answer.comment + "'" : "-") + ' ' +
           validatedAt;
}

std::string sorted(std::vector<std::string> lines) {
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (const auto& line : lines) text += line + '\n';
    return text;
}

std::string linesOf(Scene& scene, const std::string& select) {
    std::vector<std::string> lines;
    scene.agora().session() << select, into(lines), now;
    return sorted(std::move(lines));
}

std::string validationsIn(Scene& scene) {
    return linesOf(scene, R"sql(
        SELECT CAST(CONCAT(t.token, ' ', v.action, ' ', COALESCE(CONCAT('''', v.commentaire, ''''), '-'), ' ',
          v.validated_at) AS CHAR(500))
          FROM validations v JOIN validation_tokens t FORCE INDEX (idx_validation_tokens_campaign_user)
            ON t.campaign_id = v.campaign_id AND t.user_id = v.user_id)sql");
}

std::string rejectsIn(Scene& scene) {
    return linesOf(scene, R"sql(
        SELECT CAST(CONCAT(reason, ' ', JSON_VALUE(payload, '$.token'), ' ', JSON_VALUE(payload, '$.action'), ' ',
          COALESCE(CONCAT('''', JSON_VALUE(payload, '$.commentaire'), ''''), '-'), ' ',
          JSON_VALUE(payload, '$.validated_at')) AS CHAR(500))
          FROM passerelle_inbox WHERE state = 'rejected')sql");
}

}  // namespace

std::string AnswerLedger::momentOf(unsigned second) {
    char text[8];
    std::snprintf(text, sizeof text, "%02u:%02u", second / 60 % 60, second % 60);
    return std::string(kUtcHour) + text;
}

std::vector<Answer> AnswerLedger::listed(std::vector<Answer> answers) {
    std::stable_sort(answers.begin(), answers.end(),
                     [](const Answer& one, const Answer& other) { return one.validatedAt < other.validatedAt; });
    return answers;
}

void AnswerLedger::deliver(const Answer& answer) {
    auto& earlier = _delivered[answer.token];
    if (std::none_of(earlier.begin(), earlier.end(), [&](const Answer& other) { return isSame(answer, other); }))
        earlier.push_back(answer);
}

void AnswerLedger::deliver(const std::vector<Answer>& answers) {
    for (const auto& answer : answers) deliver(answer);
}

void AnswerLedger::assertStored(Scene& scene, const std::string& when) const {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, std::string(), scene.findHalfDone());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, validations(), validationsIn(scene));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, rejects(), rejectsIn(scene));
}

void AnswerLedger::assertExact(Scene& scene, const std::string& when) const {
    assertStored(scene, when);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, 0LL, scene.rows(kUnacknowledged));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(when, 0LL, scene.gatewayState().pending);
}

long long AnswerLedger::conflicts() const {
    long long count = 0;
    for (const auto& [token, answers] : _delivered) count += static_cast<long long>(answers.size()) - 1;
    return count;
}

std::string AnswerLedger::validations() const {
    std::vector<std::string> lines;
    for (const auto& [token, answers] : _delivered) {
        if (_unknown.contains(token)) continue;
        const Answer& first = answers.front();
        lines.push_back(lineOf(first, std::string(kParisHour) + first.validatedAt.substr(kUtcHour.size())));
    }
    return sorted(std::move(lines));
}

std::string AnswerLedger::rejects() const {
    std::vector<std::string> lines;
    for (const auto& [token, answers] : _delivered) {
        const bool unknown = _unknown.contains(token);
        for (std::size_t i = unknown ? 0 : 1; i < answers.size(); ++i)
            lines.push_back((unknown ? "unknown_token " : "conflicting_answer ") +
                            lineOf(answers[i], answers[i].validatedAt));
    }
    return sorted(std::move(lines));
}
