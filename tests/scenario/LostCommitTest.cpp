#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "CommitProxy.h"
#include "Town.h"

namespace {

constexpr int kFullRounds = 40;
constexpr int kShortRounds = 3;

/// Two batches and the acknowledgement.
constexpr int kCommits = 3;

}  // namespace

/// The connection ends at a commit, so that the run cannot know whether it took place: it finds out and heals.
class LostCommitTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LostCommitTest);
    CPPUNIT_TEST(answerIsLost);
    CPPUNIT_TEST(commitIsLost);
    CPPUNIT_TEST_SUITE_END();

public:
    void answerIsLost() { loseEach(CommitProxy::Loss::Answer, "COMMIT carried out, its answer lost"); }
    void commitIsLost() { loseEach(CommitProxy::Loss::Commit, "connection lost before COMMIT reached the server"); }

private:
    /// The first commit, the second, and so on, until a run has fewer.
    static void loseEach(CommitProxy::Loss loss, const std::string& fault) {
        Town town;
        CommitProxy proxy(static_cast<Poco::UInt16>(std::stoi(requireEnvironment("CARILLON_TEST_MYSQL_PORT"))));
        town.scene().setJobKey("task.database.port", std::to_string(proxy.port()));
        const int rounds = isFullScenario() ? kFullRounds : kShortRounds;
        int lost = 0;
        for (int round = 1; round <= rounds; ++round)
            for (int number = 1;; ++number) {
                const std::string when = fault + ", commit " + std::to_string(number);
                town.offerMore();
                proxy.lose(loss, number);
                assertExit(0, town.command().run());
                town.assertExact(when);
                if (!proxy.hasLost()) break;
                ++lost;
            }
        tellEvidence(fault, lost, "all runs healed and succeeded");
        CPPUNIT_ASSERT_EQUAL(rounds * kCommits, lost);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LostCommitTest);
