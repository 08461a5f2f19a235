#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "CommitProxy.h"
#include "Town.h"

namespace {

constexpr int kFullLosses = 40;
constexpr int kShortLosses = 3;

/// Of the two batches.
constexpr int kCommits = 2;

}  // namespace

/// The connection ends at a commit, so that the run cannot know whether it took place: it finds out, heals and counts
/// right.
class LostCommitTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LostCommitTest);
    CPPUNIT_TEST(answerIsLost);
    CPPUNIT_TEST(commitIsLost);
    CPPUNIT_TEST(answerToReplayIsLost);
    CPPUNIT_TEST_SUITE_END();

public:
    void answerIsLost() { loseEach(CommitProxy::Loss::Answer, "COMMIT carried out, its answer lost"); }
    void commitIsLost() { loseEach(CommitProxy::Loss::Commit, "connection lost before COMMIT reached the server"); }

    void answerToReplayIsLost() {
        Scene scene;
        CommitProxy proxy(serverPort());
        scene.setJobKey("task.database.port", std::to_string(proxy.port()));
        const int rounds = isFullScenario() ? kFullLosses : kShortLosses;
        for (int round = 1; round <= rounds; ++round) {
            const std::string token = "late-" + std::to_string(round);
            scene.addCampaign(round, {1, 2});
            scene.offer({{token, "valide"}});
            assertExit(0, scene.sync().command);
            scene.agora().addToken(token, round, 1, "2030-01-01 00:00:00");
            proxy.lose(CommitProxy::Loss::Answer, 1);

            const RunEnd end = Scene::endOf(scene.run({"replay", Scene::kJob, "--all", "--json"}));

            assertExit(0, end.command);
            CPPUNIT_ASSERT(proxy.hasLost());
            CPPUNIT_ASSERT_EQUAL(1LL, end.counter("applied"));
            CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
            CPPUNIT_ASSERT_EQUAL(static_cast<long long>(round), scene.rows("validations"));
        }
        tellEvidence("COMMIT of a replay carried out, its answer lost", rounds, "all replays healed and succeeded");
    }

private:
    static Poco::UInt16 serverPort() {
        return static_cast<Poco::UInt16>(std::stoi(requireEnvironment("CARILLON_TEST_MYSQL_PORT")));
    }

    /// The first commit, the second, and so on, until a run has fewer.
    static void loseEach(CommitProxy::Loss loss, const std::string& fault) {
        Town town;
        CommitProxy proxy(serverPort());
        town.scene().setJobKey("task.database.port", std::to_string(proxy.port()));
        const int rounds = isFullScenario() ? kFullLosses : kShortLosses;
        int lost = 0;
        long long applied = town.toBeApplied();
        for (int round = 1; round <= rounds; ++round)
            for (int number = 1;; ++number) {
                const std::string when = fault + ", commit " + std::to_string(number);
                town.offerMore();
                proxy.lose(loss, number);
                const RunEnd end = town.scene().sync();
                assertExit(0, end.command);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(when, town.toBeApplied() - applied, end.counter("applied"));
                applied = town.toBeApplied();
                town.assertExact(when);
                if (!proxy.hasLost()) break;
                ++lost;
            }
        tellEvidence(fault, lost, "all runs healed, succeeded and counted right");
        CPPUNIT_ASSERT_EQUAL(rounds * kCommits, lost);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LostCommitTest);
