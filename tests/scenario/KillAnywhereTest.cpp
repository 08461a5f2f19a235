#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <random>
#include <string>
#include <thread>

#include "Town.h"

namespace {

constexpr int kFullRandomKills = 500;
constexpr int kShortRandomKills = 60;

pid_t childOf(pid_t process) {
    std::ifstream children("/proc/" + std::to_string(process) + "/task/" + std::to_string(process) + "/children");
    pid_t child = 0;
    children >> child;
    return child;
}

}  // namespace

/// Wherever the process is ended: nothing is lost, nothing is there twice or by half, and all is acknowledged.
class KillAnywhereTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(KillAnywhereTest);
    CPPUNIT_TEST(beforeAndAfterEachStatement);
    CPPUNIT_TEST(beforeAndAfterEachCommit);
    CPPUNIT_TEST(beforeAndAfterEachRequest);
    CPPUNIT_TEST(aroundTheRecordsOfTheHost);
    CPPUNIT_TEST(aroundEachMigration);
    CPPUNIT_TEST(aroundEachReplay);
    CPPUNIT_TEST(atRandomInstants);
    CPPUNIT_TEST_SUITE_END();

public:
    void beforeAndAfterEachStatement() {
        killAtEach("statement.before", 20);
        killAtEach("statement.after", 20);
    }

    /// Of the two batches.
    void beforeAndAfterEachCommit() {
        killAtEach("commit.before", 2);
        killAtEach("commit.after", 2);
    }

    /// The list, the acknowledgement, the statistics.
    void beforeAndAfterEachRequest() {
        for (const auto* place : {"request.before", "request.sent", "answer.begun"}) killAtEach(place, 3);
    }

    void aroundTheRecordsOfTheHost() {
        for (const auto* place : {"run.claimed", "run.ended", "run.recorded"}) killAtEach(place, 1);
    }

    /// Of the tables of host and plugin, in a state folder and a database that have none yet.
    void aroundEachMigration() {
        for (const std::string place : {"migration.before", "migration.after", "migration.noted"}) {
            int kills = 0;
            for (int passing = 1;; ++passing) {
                Town town(Town::Beginning::Empty);
                town.offerMore();
                const std::string when = place + ':' + std::to_string(passing);
                const CommandResult result = town.command().set("CARILLON_CRASH_AT", when).run();
                if (result.exitCode != 0) town.recover();
                town.assertExact(when);
                if (result.exitCode == 0) break;
                ++kills;
                // Their number is no matter here: the first, the second and every fifth.
                if (!isFullScenario() && passing > 1) passing += 4;
            }
            tellEvidence("SIGKILL around the statements that make tables, " + place, kills, "one run put all right");
            CPPUNIT_ASSERT_MESSAGE(place, kills > 1);
        }
    }

    /// A reject is applied once, whether its replay was ended before or after its commit.
    void aroundEachReplay() {
        for (const std::string place : {"statement.before", "statement.after", "commit.before", "commit.after"}) {
            Scene scene;
            int passing = 1;
            for (;; ++passing) {
                rejectOneThatIsMended(scene, passing);
                const CommandResult killed = scene.carillon({"replay", Scene::kJob, "--all"})
                                                 .set("CARILLON_CRASH_AT", place + ':' + std::to_string(passing))
                                                 .run();
                if (killed.exitCode != 0) assertExit(0, scene.run({"replay", Scene::kJob, "--all"}));

                CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
                CPPUNIT_ASSERT_EQUAL(static_cast<long long>(passing), scene.rows("validations"));
                CPPUNIT_ASSERT_EQUAL(0LL, scene.inboxRows("state = 'rejected'"));
                if (killed.exitCode == 0) break;
            }
            tellEvidence("SIGKILL of a replay at each passing of " + place, passing - 1,
                         "one more replay put all right");
            CPPUNIT_ASSERT_MESSAGE(place, passing > 1);
        }
    }

    /// Of the host, whose worker goes with it, and of the worker alone.
    void atRandomInstants() {
        const int kills = isFullScenario() ? kFullRandomKills : kShortRandomKills;
        const unsigned seed = 20260115;
        std::mt19937 random(seed);
        Town town;
        const auto began = std::chrono::steady_clock::now();
        town.offerMore();
        town.recover();
        const auto whole = std::chrono::steady_clock::now() - began;
        int met = 0;
        int kill = 1;
        for (; met < kills && kill <= 4 * kills; ++kill) {
            town.offerMore();
            auto command = town.command().start();
            std::this_thread::sleep_for(whole * (random() % 1'000) / 1'000);
            const pid_t victim = kill % 2 == 0 ? command.pid() : childOf(command.pid());
            if (victim > 0) ::kill(victim, SIGKILL);
            if (command.wait().exitCode != 0) ++met;
            const std::string when = "kill " + std::to_string(kill) + " of seed " + std::to_string(seed) + ": ";

            town.assertNothingHalf(when);
            town.recover();
            town.assertExact(when);
        }
        tellEvidence("SIGKILL of host or worker at random instants", met, "one run put all right");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(kill) + " tried", kills, met);
    }

private:
    /// Its token was unknown when it came, and is there now.
    static void rejectOneThatIsMended(Scene& scene, int campaign) {
        const std::string token = "late-" + std::to_string(campaign);
        scene.addUsers(1, 1);
        scene.agora().addCampaign(campaign, "en_validation", "Campagne " + std::to_string(campaign));
        scene.agora().addValidator(campaign, 1);
        scene.offer({{.token = token}});
        assertExit(0, scene.sync().command);
        scene.agora().addToken(token, campaign, 1, "2030-01-01 00:00:00");
    }

    /// At its first passing of the place, its second, and so on, until a run has passed it less often.
    static void killAtEach(const std::string& place, int atLeast) {
        Town town;
        int passing = 1;
        for (;; ++passing) {
            const std::string when = place + ':' + std::to_string(passing);
            town.offerMore();
            const CommandResult result = town.command().set("CARILLON_CRASH_AT", when).run();
            town.assertNothingHalf(when);
            if (result.exitCode == 0) {
                town.assertExact(when);
                break;
            }
            assertContains("SIGKILL", result.exitCode == 128 + SIGKILL ? "SIGKILL" : textOf(result));
            town.recover();
            town.assertExact(when);
        }
        tellEvidence("SIGKILL at each passing of " + place, passing - 1, "one run put all right");
        CPPUNIT_ASSERT_MESSAGE(place, passing > atLeast);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(KillAnywhereTest);
