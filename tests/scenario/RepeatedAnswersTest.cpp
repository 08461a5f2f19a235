#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "AnswerLedger.h"
#include "Town.h"

namespace {

constexpr int kFullRepeats = 50;
constexpr int kShortRepeats = 8;
constexpr int kTokens = 10;

}  // namespace

/// The same token with another answer: the first one that is stored stays, whatever comes later and however it is
/// delivered; each other one is kept as a conflict and acknowledged.
class RepeatedAnswersTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RepeatedAnswersTest);
    CPPUNIT_TEST(inTheSameBatch);
    CPPUNIT_TEST(acrossBatches);
    CPPUNIT_TEST(inLaterListings);
    CPPUNIT_TEST(afterACrashBetweenThem);
    CPPUNIT_TEST(answerUnlikeARejectedOneIsJudgedAnew);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _scene = std::make_unique<Scene>();
        _scene->setJobKey("task.rejects.max_ratio", "1");
        _ledger = {};
        _tokens = 0;
    }
    void tearDown() override { _scene.reset(); }

    void inTheSameBatch() { playRounds("in the same batch", 1'000, 1, false); }
    void acrossBatches() { playRounds("in other batches of a listing", 3, 1, false); }
    void inLaterListings() { playRounds("in later listings", 1'000, 3, false); }
    /// Of two listings the first one's run ends between two batches; the second one shows its answers again, sorted
    /// among the new ones.
    void afterACrashBetweenThem() { playRounds("after a crash between the two", 3, 2, true); }

    void answerUnlikeARejectedOneIsJudgedAnew() {
        const Answer first{Scene::tokenOf(1, 1), "valide", "remarque 1"};
        const Answer second{Scene::tokenOf(1, 1), "refuse", "remarque 2"};
        const Answer third{Scene::tokenOf(1, 1), "valide", "remarque 3"};
        offerAndSync({first});
        CPPUNIT_ASSERT_EQUAL(std::string("1 rejected unknown_token"), decisions());
        _scene->addCampaign(1, {1});

        offerAndSync({first});
        CPPUNIT_ASSERT_EQUAL(std::string("1 rejected unknown_token"), decisions());
        offerAndSync({second});
        CPPUNIT_ASSERT_EQUAL(std::string("1 rejected unknown_token, 2 applied"), decisions());
        offerAndSync({third, first, second});

        CPPUNIT_ASSERT_EQUAL(std::string("1 rejected unknown_token, 2 applied, 3 rejected token_already_used"),
                             decisions());
        assertExit(1, _scene->run({"replay", Scene::kJob, "--all"}));
        CPPUNIT_ASSERT_EQUAL(std::string("1 rejected token_already_used, 2 applied, 3 rejected token_already_used"),
                             decisions());
        CPPUNIT_ASSERT_EQUAL(1LL, _scene->rows("validations WHERE action = 'refuse' AND commentaire = 'remarque 2'"));
        CPPUNIT_ASSERT_EQUAL(std::string(), _scene->findHalfDone());
        CPPUNIT_ASSERT_EQUAL(0LL, _scene->gatewayState().pending);
    }

private:
    void playRounds(const std::string& how, std::size_t batch, int listings, bool crashes) {
        const int rounds = isFullScenario() ? kFullRepeats : kShortRepeats;
        _scene->setJobKey("task.batch", std::to_string(batch));
        int crashed = 0;
        for (int round = 0; round < rounds; ++round) {
            const unsigned seed = 20260201 + static_cast<unsigned>(round);
            const std::string when = how + ", seed " + std::to_string(seed);
            std::mt19937 random(seed);
            const auto answers = makeAnswers(random);
            std::vector<Answer> pending;
            for (int listing = 1; listing <= listings; ++listing) {
                const auto offered = share(answers, listing, listings);
                _scene->offer(offered);
                pending.insert(pending.end(), offered.begin(), offered.end());
                const auto shown = AnswerLedger::listed(pending);
                if (crashes && listing < listings) {
                    crashAfterBatches(1 + random() % 4, shown, batch, when);
                    ++crashed;
                    continue;
                }
                assertExit(0, _scene->sync().command);
                _ledger.deliver(shown);
                _ledger.assertExact(*_scene, when);
                pending.clear();
            }
        }
        tellEvidence("another answer for the same token, " + how, _ledger.conflicts(),
                     crashes ? "the first one stays, the other is a conflicting_answer, after " +
                                   std::to_string(crashed) + " crashes"
                             : "the first one stays, the other is a conflicting_answer");
        CPPUNIT_ASSERT(_ledger.conflicts() > rounds * kTokens / 2);
    }

    /// One to four for each of the next tokens, any order, some of them twice.
    std::vector<Answer> makeAnswers(std::mt19937& random) {
        _scene->addBacklogTokens(_tokens, kTokens);
        std::vector<Answer> answers;
        for (const long long end = _tokens + kTokens; _tokens < end; ++_tokens)
            for (unsigned count = 1 + random() % 4; count > 0; --count) {
                Answer answer{Scene::backlogToken(_tokens), random() % 2 == 0 ? "valide" : "refuse"};
                if (random() % 2 == 0) answer.comment = "remarque " + std::to_string(random() % 3);
                answer.validatedAt = AnswerLedger::momentOf(random() % 4);
                answers.push_back(answer);
                if (random() % 4 == 0) answers.push_back(answer);
            }
        std::shuffle(answers.begin(), answers.end(), random);
        return answers;
    }

    static std::vector<Answer> share(const std::vector<Answer>& answers, int part, int parts) {
        const auto at = [&](int end) {
            return answers.begin() + static_cast<std::ptrdiff_t>(answers.size()) * end / parts;
        };
        return {at(part - 1), at(part)};
    }

    /// So that just these of the list are stored.
    void crashAfterBatches(std::size_t batches, const std::vector<Answer>& shown, std::size_t batch,
                           const std::string& when) {
        const std::size_t stored = std::min(batches * batch, shown.size());
        const std::string place = "commit.after:" + std::to_string((stored + batch - 1) / batch);
        const auto result = _scene->carillon({"run", Scene::kJob}).set("CARILLON_CRASH_AT", place).run();
        CPPUNIT_ASSERT_MESSAGE(when + ": " + textOf(result), result.exitCode != 0);
        _ledger.deliver({shown.begin(), shown.begin() + static_cast<std::ptrdiff_t>(stored)});
        _ledger.assertStored(*_scene, when + ", " + place);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, static_cast<long long>(shown.size()), _scene->gatewayState().pending);
    }

    void offerAndSync(const std::vector<Answer>& answers) {
        _scene->offer(answers);
        assertExit(0, _scene->sync().command);
    }

    /// Of the remarks, by their number.
    std::string decisions() {
        return _scene->agora().text(
            "SELECT CAST(GROUP_CONCAT(CONCAT(SUBSTR(JSON_VALUE(payload, '$.commentaire'), 10), ' ', state, "
            "COALESCE(CONCAT(' ', reason), '')) ORDER BY JSON_VALUE(payload, '$.commentaire') SEPARATOR ', ') AS "
            "CHAR(500)) FROM passerelle_inbox");
    }

    std::unique_ptr<Scene> _scene{};
    AnswerLedger _ledger{};
    long long _tokens = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(RepeatedAnswersTest);
