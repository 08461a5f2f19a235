#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <cstdint>
#include <string>

#include "PrivateServer.h"
#include "SmallDisk.h"
#include "Town.h"

/// A server that is full, that ends idle sessions, or that takes more or less for an error.
class ServerStateTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServerStateTest);
    CPPUNIT_TEST(diskIsFull);
    CPPUNIT_TEST(idleSessionIsEnded);
    CPPUNIT_TEST(sqlModeMakesNoDifference);
    CPPUNIT_TEST(defaultsOfTheServerMakeNoDifference);
    CPPUNIT_TEST(binaryLogByStatementIsRefusedByRunAndCheck);
    CPPUNIT_TEST(serverThatOnlyReadsIsSeenByTheCheck);
    CPPUNIT_TEST_SUITE_END();

public:
    void diskIsFull() {
        SmallDisk disk(220);
        PrivateServer server(disk.folder() / "server", {"--innodb-log-file-size=8M"});
        Town town;
        const int rounds = isFullScenario() ? 20 : 2;
        std::string message;
        int ended = 0;
        for (int round = 1; round <= rounds; ++round) {
            const std::string when = "full disk " + std::to_string(round);
            for (int i = 0; i < 50; ++i) town.offerMore();
            // Another batch is the first that does not fit.
            disk.fill(static_cast<std::uintmax_t>(round % 4) * 200'000);

            const RunEnd end = town.scene().sync();

            disk.makeSpace();
            assertExit(1, end.command);
            assertContains("database", end.member("message"));
            if (end.member("message").find("is full") != std::string::npos) message = end.member("message");
            ended += revive(server, town) ? 1 : 0;
            town.assertNothingHalf(when);
            town.recover();
            town.assertExact(when);
        }
        tellEvidence("disk of the database full", rounds,
                     "the run failed with \"" + message + "\", then one run put all right; the server ended itself " +
                         std::to_string(ended) + " times");
        CPPUNIT_ASSERT(!message.empty());
    }

    void idleSessionIsEnded() {
        PrivateServer server;
        Town town;
        town.scene().agora().execute("SET GLOBAL wait_timeout = 1");
        const int rounds = isFullScenario() ? 10 : 2;
        for (int round = 1; round <= rounds; ++round) {
            const std::string when = "idle " + std::to_string(round);
            town.offerMore();
            // A batch of the list in each piece.
            town.scene().fault("drip", "pending", R"("bytes":4096,"milliseconds":1500)");

            assertExit(0, town.command().run());

            town.assertExact(when);
        }
        tellEvidence("idle session ended by the server's wait_timeout", rounds, "all runs healed and succeeded");
        assertContains("database.retried", town.scene().log());
    }

    void sqlModeMakesNoDifference() {
        PrivateServer server;
        std::string first;
        int modes = 0;
        for (const std::string mode : {"", "STRICT_TRANS_TABLES", "TRADITIONAL,ONLY_FULL_GROUP_BY", "ANSI",
                                       "NO_BACKSLASH_ESCAPES", "NO_AUTO_VALUE_ON_ZERO,PAD_CHAR_TO_FULL_LENGTH"}) {
            const std::string effect = effectUnder(mode);
            if (first.empty()) first = effect;
            CPPUNIT_ASSERT_EQUAL_MESSAGE("sql_mode = " + mode, first, effect);
            ++modes;
        }
        tellEvidence("sql_mode, strict and not", modes, "the same rows in each");
    }

    void defaultsOfTheServerMakeNoDifference() {
        std::string usual;
        {
            PrivateServer server;
            usual = effectUnder("STRICT_TRANS_TABLES");
        }
        // The last two are what old servers were set to for old programs.
        PrivateServer server({"--innodb-default-row-format=redundant", "--character-set-server=latin1",
                              "--transaction-isolation=SERIALIZABLE", "--default-time-zone=-05:00",
                              "--skip-character-set-client-handshake", "--init-connect=SET NAMES latin1"});

        CPPUNIT_ASSERT_EQUAL(usual, effectUnder("ORACLE"));
    }

    void binaryLogByStatementIsRefusedByRunAndCheck() {
        PrivateServer server({"--log-bin", "--binlog-format=STATEMENT"});
        Scene scene;
        scene.addCampaign(1, {1});
        scene.offer({{Scene::tokenOf(1, 1)}});

        const RunEnd refused = scene.sync();
        const CommandResult check = scene.run({"check", Scene::kJob});

        assertExit(1, refused.command);
        assertContains("binlog_format = STATEMENT", refused.member("message"));
        assertContains("SET GLOBAL binlog_format = 'ROW'", refused.member("message"));
        assertExit(1, check);
        assertContains("SET GLOBAL binlog_format = 'ROW'", check.out);
        scene.agora().execute("SET GLOBAL binlog_format = 'ROW'");
        assertExit(0, scene.sync().command);
        assertExit(0, scene.run({"check", Scene::kJob}));
    }

    void serverThatOnlyReadsIsSeenByTheCheck() {
        PrivateServer server;
        Scene scene;
        scene.addCampaign(1, {1});
        assertExit(0, scene.run({"check", Scene::kJob}));
        scene.agora().execute("SET GLOBAL read_only = 1");

        const CommandResult check = scene.run({"check", Scene::kJob});

        assertExit(1, check);
        assertContains("read-only", check.out);
    }

private:
    /// InnoDB ends the server where there is no space to roll back. True: it did.
    static bool revive(PrivateServer& server, Town& town) {
        const std::string before = requireEnvironment("CARILLON_TEST_MYSQL_PID");
        CPPUNIT_ASSERT(waitUntil([&] {
            try {
                town.scene().agora().reconnect();
                return true;
            } catch (const Poco::Exception&) {
                server.start();
                return false;
            }
        }));
        return before != requireEnvironment("CARILLON_TEST_MYSQL_PID");
    }

    /// Of ordinary answers, and of such that a server may cut, pad or refuse.
    static std::string effectUnder(const std::string& mode) {
        Scene scene;
        scene.agora().execute("SET GLOBAL sql_mode = '" + mode + "'");
        scene.addCampaign(1, {1, 2, 3});
        scene.addCampaign(2, {1, 2, 3});
        std::string large;
        while (large.size() < 70'000) large += "é 😀 ";
        scene.offer({{Scene::tokenOf(1, 1), "valide", large},
                     {Scene::tokenOf(1, 2), "valide", R"(d'accord \ "oui" \' %_)"},
                     {Scene::tokenOf(1, 3), "valide", ""},
                     {Scene::tokenOf(2, 1), "refuse", "Noël 😀   "},
                     {std::string(300, 'a'), "valide"},
                     {Scene::tokenOf(2, 2), "valide", std::nullopt, "2026-02-30 10:00:00"},
                     {Scene::tokenOf(2, 3), "peut-être"}});
        const RunEnd end = scene.sync();
        assertExit(0, end.command);
        return digestOf(scene, "validations",
                        "CONCAT_WS('/', campaign_id, user_id, action, SHA1(commentaire), validated_at)") +
               digestOf(scene, "campaigns", "CONCAT(id, statut)") +
               digestOf(scene, "campaign_logs",
                        "CONCAT_WS('/', campaign_id, user_id, action, description, new_values)") +
               digestOf(scene, "passerelle_inbox", "CONCAT_WS('/', identity, state, reason, SHA1(payload), detail)");
    }

    static std::string digestOf(Scene& scene, const std::string& table, const std::string& row) {
        scene.agora().execute("SET SESSION group_concat_max_len = 7000");
        return scene.agora().text("SELECT GROUP_CONCAT(" + row + " ORDER BY id SEPARATOR ';') FROM " + table) + '\n';
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServerStateTest);
