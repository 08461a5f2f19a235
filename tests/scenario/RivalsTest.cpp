#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <map>
#include <string>
#include <vector>

#include "AgoraAtWork.h"
#include "AgoraHistory.h"
#include "Poco/Data/Session.h"
#include "Town.h"

namespace {

using namespace Poco::Data::Keywords;

constexpr int kFullFights = 200;
constexpr int kShortFights = 20;
constexpr int kAnswers = 100;
constexpr int kValidators = 5;

int timesIn(const std::string& text, const std::string& word) {
    int times = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++times;
    return times;
}

}  // namespace

/// Agora's own users change the same rows while a run goes on: each effect is there once, as if one had come after the
/// other, and nobody sees a deadlock.
class RivalsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RivalsTest);
    CPPUNIT_TEST(agoraWorksOnTheSameCampaigns);
    CPPUNIT_TEST_SUITE_END();

public:
    void agoraWorksOnTheSameCampaigns() {
        const int rounds = isFullScenario() ? kFullFights : kShortFights;
        Scene scene;
        scene.setJobKey("task.batch", "17");  // so that campaigns are in two batches
        scene.setJobKey("task.rejects.max_ratio", "1");
        for (int round = 0; round < rounds; ++round) play(scene, round);
        const std::string log = scene.log();
        tellEvidence("campaign edited, cancelled, archived or answered directly in Agora during a run", _transactions,
                     "each effect once in " + std::to_string(rounds) + " runs, all of which succeeded with " +
                         std::to_string(timesIn(log, "database.retried")) + " batches tried again");
        tellEvidence("transaction of Agora beside a run", _transactions,
                     std::to_string(_refusals) + " met a deadlock or another error");
        CPPUNIT_ASSERT(_transactions > 3 * rounds);
        CPPUNIT_ASSERT(_applied > 0);
        CPPUNIT_ASSERT(_outdated > 0);
        CPPUNIT_ASSERT(_used > 0);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(_refusal, 0, _refusals);
    }

private:
    void play(Scene& scene, int round) {
        const CampaignRange campaigns{1 + round * kAnswers / kValidators, kAnswers / kValidators};
        const long long first = static_cast<long long>(round) * kAnswers;
        scene.addBacklogTokens(first, kAnswers);
        scene.offerBacklog(kAnswers, R"("first":)" + std::to_string(first));
        const unsigned seed = 20260119 + static_cast<unsigned>(round);
        {
            AgoraAtWork agora(scene.agora(), campaigns, seed);
            assertExit(0, scene.sync().command);
            agora.stop();
            _transactions += agora.transactions();
            _refusals += agora.refusals();
            if (agora.refusals() > 0) _refusal = agora.refusal();
        }
        const std::string when = "round of seed " + std::to_string(seed);
        const AgoraHistory history(scene.agora(), campaigns);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, std::string(), history.faults());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, history.expected(), AgoraHistory::found(scene.agora(), campaigns));
        for (long long number = first; number < first + kAnswers; ++number) judge(scene, history, number, when);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, 0LL, scene.rows(kUnacknowledged));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, 0LL, scene.gatewayState().pending);
    }

    /// What the inbox says of an answer is what happened to it.
    void judge(Scene& scene, const AgoraHistory& history, long long number, const std::string& when) {
        const std::string decision = scene.agora().text(
            "SELECT CONCAT(state, COALESCE(CONCAT(' ', reason), '')) FROM passerelle_inbox WHERE "
            "identity = '" +
            Scene::backlogToken(number) + "'");
        const long long campaign = number / kValidators + 1;
        const int user = static_cast<int>(number % kValidators) + 1;
        const std::string what =
            when + ", campaign " + std::to_string(campaign) + ", user " + std::to_string(user) + ": " + decision;
        CPPUNIT_ASSERT_EQUAL_MESSAGE(what, decision == "applied", history.isSynchronised(campaign, user));
        if (decision == "applied") {
            ++_applied;
        } else if (decision == "rejected unknown_token") {
            ++_outdated;
            CPPUNIT_ASSERT_MESSAGE(what, history.isEdited(campaign));
        } else {
            ++_used;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, std::string("rejected token_already_used"), decision);
            CPPUNIT_ASSERT_MESSAGE(what, history.isAnsweredDirectly(campaign, user));
        }
    }

    int _transactions = 0;
    int _refusals = 0;
    std::string _refusal{};
    int _applied = 0;
    int _outdated = 0;
    int _used = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(RivalsTest);
