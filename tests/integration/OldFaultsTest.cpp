#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <signal.h>

#include <random>

#include "support/Scene.h"
#include "support/TestSkipped.h"

namespace {

void assertSucceeded(const RunEnd& end) {
    assertExit(0, end.command);
}

std::string statusOf(Scene& scene, int campaign) {
    return scene.agora().text("SELECT statut FROM campaigns WHERE id = " + std::to_string(campaign));
}

/// A second user of the same gateway and database: its own configuration, state and locks.
std::filesystem::path addSecondInstallation(Scene& scene) {
    const auto other = scene.folder() / "other";
    std::filesystem::create_directory(other);
    std::filesystem::copy(scene.folder() / "jobs", other / "jobs");
    std::filesystem::copy(scene.configFile(), other / "carillon.properties");
    return other / "carillon.properties";
}

/// What MariaDB counted for the program's account.
long long statementsOf(Scene& scene) {
    return scene.agora().count(
        "SELECT SELECT_COMMANDS + UPDATE_COMMANDS + OTHER_COMMANDS"
        " FROM information_schema.USER_STATISTICS WHERE user = '" +
        scene.user() + "'");
}

}  // namespace

/// Each fault of the script that this program replaces is impossible now.
class OldFaultsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OldFaultsTest);
    CPPUNIT_TEST(changeOfStatusSucceedsAndItsItemIsAcknowledged);
    CPPUNIT_TEST(crashBetweenTwoStatementsLeavesNoHalfValidation);
    CPPUNIT_TEST(momentOfTheAnswerIsKept);
    CPPUNIT_TEST(expiryIsJudgedByTheMomentOfTheAnswer);
    CPPUNIT_TEST(rejectedItemsLeaveTheGateway);
    CPPUNIT_TEST(twoRunsAtOnceStoreAnItemOnce);
    CPPUNIT_TEST(validatorsAreCountedNotRows);
    CPPUNIT_TEST(closedCampaignsKeepTheirStatus);
    CPPUNIT_TEST(failedAcknowledgeFailsTheRunAndTheNextOneAcknowledges);
    CPPUNIT_TEST(backlogIsNotHeldInMemory);
    CPPUNIT_TEST(statementsDoNotGrowWithTheItems);
    CPPUNIT_TEST_SUITE_END();

public:
    void changeOfStatusSucceedsAndItsItemIsAcknowledged() {
        Scene scene;
        scene.addCampaign(1, {1});
        scene.addCampaign(2, {1});
        scene.offer({{.token = Scene::tokenOf(1, 1)}, {.token = Scene::tokenOf(2, 1), .action = "refuse"}});

        const RunEnd end = scene.sync();
        const RunEnd next = scene.sync();

        assertSucceeded(end);
        CPPUNIT_ASSERT_EQUAL(std::string("validee"), statusOf(scene, 1));
        CPPUNIT_ASSERT_EQUAL(std::string("refusee"), statusOf(scene, 2));
        CPPUNIT_ASSERT_EQUAL(2LL, end.counter("acknowledged"));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
        assertSucceeded(next);
        CPPUNIT_ASSERT_EQUAL(0LL, next.counter("fetched"));
    }

    /// Looks at what is not committed yet, and kills the run while a batch is half written.
    void crashBetweenTwoStatementsLeavesNoHalfValidation() {
        constexpr int kItems = 1'500;
        constexpr int kRounds = 6;
        Scene scene;
        scene.addBacklogTokens(0, kItems);
        scene.offerBacklog(kItems);
        scene.setJobKey("task.batch", "200");
        TestDatabase& agora = scene.agora();
        std::mt19937 random(4711);
        int halfSeen = 0;
        for (int round = 0; round < kRounds; ++round) {
            const long long moment = scene.inboxRows() + static_cast<long long>(random() % 200);
            agora.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED");
            auto command = scene.carillon({"run", Scene::kJob, "--json"}).start();
            waitUntil([&] {
                const long long validated = scene.rows("validations");
                const bool half = validated > moment && scene.inboxRows() < validated;
                if (!half) return command.hasEnded();
                ++halfSeen;
                return true;
            });
            command.signal(SIGKILL);
            command.wait();
            agora.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");

            // The server ends the transaction when it notices that its client is gone.
            CPPUNIT_ASSERT(waitUntil([&] { return hasNoOtherSession(scene); }));
            CPPUNIT_ASSERT_EQUAL(0LL, scene.inboxRows() % 100);
            CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
        }

        const RunEnd end = scene.sync();

        CPPUNIT_ASSERT(halfSeen > 0);
        assertSucceeded(end);
        CPPUNIT_ASSERT_EQUAL(static_cast<long long>(kItems), scene.rows("validations"));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
        CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
    }

    void momentOfTheAnswerIsKept() {
        Scene scene;
        scene.addCampaign(1, {1, 2});
        // Winter, and the hour that comes twice in the night of 25 October.
        scene.offer({{.token = Scene::tokenOf(1, 1), .validatedAt = "2026-01-31 23:15:42"},
                     {.token = Scene::tokenOf(1, 2), .validatedAt = "2026-10-25 00:30:00"}});

        assertSucceeded(scene.sync());

        CPPUNIT_ASSERT_EQUAL(std::string("2026-02-01 00:15:42"),
                             scene.agora().text("SELECT validated_at FROM validations WHERE user_id = 1"));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-25 02:30:00"),
                             scene.agora().text("SELECT validated_at FROM validations WHERE user_id = 2"));
    }

    void expiryIsJudgedByTheMomentOfTheAnswer() {
        Scene scene;
        scene.addCampaign(1, {1, 2, 3});
        scene.agora().execute("UPDATE validation_tokens SET expires_at = '2026-03-10 12:00:00'");
        scene.offer({{.token = Scene::tokenOf(1, 1), .validatedAt = "2026-03-10 10:59:59"},
                     {.token = Scene::tokenOf(1, 2), .validatedAt = "2026-03-10 11:00:00"},
                     {.token = Scene::tokenOf(1, 3), .validatedAt = "2026-03-10 11:00:01"}});

        const RunEnd end = scene.sync();

        assertSucceeded(end);
        CPPUNIT_ASSERT_EQUAL(2LL, end.counter("applied"));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.rows("validations WHERE user_id = 3"));
        CPPUNIT_ASSERT_EQUAL(1LL, scene.rows("passerelle_inbox WHERE reason = 'token_expired'"));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.rows("validation_tokens WHERE user_id = 3 AND used_at IS NOT NULL"));
    }

    void rejectedItemsLeaveTheGateway() {
        Scene scene;
        scene.addCampaign(1, {1, 2});
        scene.agora().execute("UPDATE validation_tokens SET used_at = '2026-01-01 08:00:00' WHERE user_id = 1");
        scene.agora().execute("UPDATE validation_tokens SET expires_at = '2026-01-01 08:00:00' WHERE user_id = 2");
        scene.offer({{.token = Scene::tokenOf(1, 1)},
                     {.token = Scene::tokenOf(1, 2)},
                     {.token = "unknown", .comment = "Gardé"},
                     {.token = "other", .action = "peut-être"}});

        const RunEnd end = scene.sync();
        const RunEnd next = scene.sync();

        assertSucceeded(end);
        CPPUNIT_ASSERT_EQUAL(4LL, end.counter("rejected"));
        CPPUNIT_ASSERT_EQUAL(4LL, end.counter("acknowledged"));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
        CPPUNIT_ASSERT_EQUAL(0LL, next.counter("fetched"));
        for (const auto* reason : {"token_already_used", "token_expired", "unknown_token", "malformed"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(reason, 1LL,
                                         scene.rows(std::string("passerelle_inbox WHERE reason = '") + reason + "'"));
        CPPUNIT_ASSERT_EQUAL(1LL, scene.rows("passerelle_inbox WHERE payload LIKE '%Gardé%'"));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.rows("validations"));
    }

    void twoRunsAtOnceStoreAnItemOnce() {
        constexpr int kItems = 120;
        constexpr int kRounds = 5;
        Scene scene;
        scene.setJobKey("task.batch", "30");
        const auto other = addSecondInstallation(scene);
        for (int round = 0; round < kRounds; ++round) {
            scene.addBacklogTokens(round * kItems, kItems);
            scene.offerBacklog(kItems, "\"first\":" + std::to_string(round * kItems));
            auto first = scene.carillon({"run", Scene::kJob, "--json"}).start();
            auto second = Command({CARILLON_TEST_PROGRAM, "--config", other.string(), "run", Scene::kJob, "--json"})
                              .limit(std::chrono::seconds(60))
                              .start();

            const RunEnd firstEnd = Scene::endOf(first.wait());
            const RunEnd secondEnd = Scene::endOf(second.wait());

            assertSucceeded(firstEnd);
            assertSucceeded(secondEnd);
            CPPUNIT_ASSERT_EQUAL(static_cast<long long>(kItems),
                                 firstEnd.counter("applied") + secondEnd.counter("applied"));
            CPPUNIT_ASSERT_EQUAL(static_cast<long long>(kItems * (round + 1)), scene.rows("validations"));
            CPPUNIT_ASSERT_EQUAL(std::string(), scene.findHalfDone());
        }
        scene.sync();
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
        CPPUNIT_ASSERT_EQUAL(0LL, scene.rows(kUnacknowledged));
    }

    void validatorsAreCountedNotRows() {
        Scene scene;
        scene.addCampaign(1, {1, 2});
        scene.addCampaign(2, {});
        scene.addUsers(3, 3);
        scene.agora().addToken("second-token-of-user-1", 1, 1, "2030-01-01 00:00:00");
        scene.agora().addToken("token-of-no-validator", 1, 3, "2030-01-01 00:00:00");
        scene.agora().addToken("token-without-validators", 2, 3, "2030-01-01 00:00:00");
        scene.offer({{.token = Scene::tokenOf(1, 1)},
                     {.token = "second-token-of-user-1"},
                     {.token = "token-of-no-validator"},
                     {.token = "token-without-validators"}});

        const RunEnd end = scene.sync();
        const std::string before = statusOf(scene, 1);
        scene.offer({{.token = Scene::tokenOf(1, 2)}});
        scene.sync();

        assertSucceeded(end);
        CPPUNIT_ASSERT_EQUAL(4LL, end.counter("applied"));
        CPPUNIT_ASSERT_EQUAL(std::string("en_validation"), before);
        CPPUNIT_ASSERT_EQUAL(std::string("validee"), statusOf(scene, 1));
        CPPUNIT_ASSERT_EQUAL(std::string("en_validation"), statusOf(scene, 2));
    }

    void closedCampaignsKeepTheirStatus() {
        Scene scene;
        const std::vector<std::string> closed{"brouillon", "validee", "publiee", "archivee", "refusee", "annulee"};
        for (int campaign = 0; campaign < static_cast<int>(closed.size()); ++campaign) {
            scene.addCampaign(campaign + 1, {1, 2}, closed[static_cast<std::size_t>(campaign)]);
            scene.offer({{.token = Scene::tokenOf(campaign + 1, 1)},
                         {.token = Scene::tokenOf(campaign + 1, 2), .action = "refuse"}});
        }

        const RunEnd end = scene.sync();

        assertSucceeded(end);
        CPPUNIT_ASSERT_EQUAL(12LL, end.counter("applied"));
        for (int campaign = 0; campaign < static_cast<int>(closed.size()); ++campaign)
            CPPUNIT_ASSERT_EQUAL(closed[static_cast<std::size_t>(campaign)], statusOf(scene, campaign + 1));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.rows("campaign_logs WHERE action = 'status_changed'"));
    }

    void failedAcknowledgeFailsTheRunAndTheNextOneAcknowledges() {
        Scene scene;
        scene.addCampaign(1, {1, 2});
        scene.offer({{.token = Scene::tokenOf(1, 1)}, {.token = Scene::tokenOf(1, 2)}});
        scene.fault("status", "acknowledge", R"("status":500)");

        const RunEnd end = scene.sync();
        const long long pending = scene.gatewayState().pending;
        const RunEnd next = scene.sync();

        assertExit(1, end.command);
        CPPUNIT_ASSERT_EQUAL(2LL, end.counter("applied"));
        CPPUNIT_ASSERT_EQUAL(0LL, end.counter("acknowledged"));
        CPPUNIT_ASSERT_EQUAL(2LL, pending);
        assertSucceeded(next);
        CPPUNIT_ASSERT_EQUAL(2LL, next.counter("duplicate"));
        CPPUNIT_ASSERT_EQUAL(2LL, next.counter("acknowledged"));
        CPPUNIT_ASSERT_EQUAL(2LL, scene.rows("validations"));
        CPPUNIT_ASSERT_EQUAL(0LL, scene.gatewayState().pending);
    }

    void backlogIsNotHeldInMemory() {
        constexpr int kItems = 20'000;
        Scene scene;
        scene.addBacklogTokens(0, kItems);
        scene.setJobKey("task.batch", "500");
        const auto peakOfRun = [&scene] {
            auto command = scene.carillon({"run", Scene::kJob, "--json"}).start();
            const long peak = peakMemory(command);
            const RunEnd end = Scene::endOf(command.wait());
            assertSucceeded(end);
            return peak;
        };
        scene.offerBacklog(1'000);
        const long small = peakOfRun();
        scene.offerBacklog(kItems - 1'000, R"("first":1000)");

        const long large = peakOfRun();

        CPPUNIT_ASSERT_EQUAL(static_cast<long long>(kItems), scene.rows("validations"));
        // The answer alone is 5 MB, and more than ten times as much as a tree of JSON.
        CPPUNIT_ASSERT_MESSAGE(std::to_string(small) + " and " + std::to_string(large) + " KiB",
                               small > 1'000 && large < small + 4'096);
    }

    void statementsDoNotGrowWithTheItems() {
        constexpr int kItems = 2'000;
        Scene scene;
        scene.addBacklogTokens(0, kItems);
        scene.offerBacklog(kItems);
        if (scene.agora().text("SELECT VERSION()").find("MariaDB") == std::string::npos)
            throw TestSkipped{"only MariaDB counts statements by user"};
        scene.agora().execute("SET GLOBAL userstat = 1");

        const RunEnd end = scene.sync();

        assertSucceeded(end);
        CPPUNIT_ASSERT_EQUAL(static_cast<long long>(kItems), end.counter("applied"));
        const long long statements = statementsOf(scene);
        // The script ran eight statements an item: 16,000.
        CPPUNIT_ASSERT_MESSAGE(std::to_string(statements), statements > 10 && statements < 200);
    }

private:
    /// No other session of this schema: what a killed run began is undone.
    static bool hasNoOtherSession(Scene& scene) {
        return scene.rows("information_schema.processlist WHERE db = '" + scene.agora().name() +
                          "' AND id <> CONNECTION_ID()") == 0;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(OldFaultsTest);
