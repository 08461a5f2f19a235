#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "Poco/Data/Session.h"
#include "PrivateServer.h"
#include "Town.h"

namespace {

using namespace Poco::Data::Keywords;
using namespace std::chrono_literals;

/// As somebody at work in Agora: changes campaigns that a batch locks in the order of their numbers, from the last to
/// the first, each a moment after the other, until the object ends.
class Rival {
public:
    explicit Rival(TestDatabase& agora)
        : _session(agora.connector(), agora.connectionString()),
          _newest(agora.count("SELECT MAX(id) FROM campaigns")),
          _thread([this] { work(); }) {}
    ~Rival() {
        _end = true;
        _thread.join();
    }
    Rival(const Rival&) = delete;
    Rival& operator=(const Rival&) = delete;

    int transactions() const { return _transactions; }

private:
    void work() {
        std::mt19937 random(20260118);
        while (!_end) {
            try {
                _session << "BEGIN", now;
                const long long last = _newest - 4 * static_cast<long long>(random() % 10);
                for (long long campaign = last; campaign > last - 4; --campaign) {
                    _session << "UPDATE campaigns SET titre = 'Campagne " + std::to_string(random() % 1'000) +
                                    "' WHERE id = " + std::to_string(campaign),
                        now;
                    std::this_thread::sleep_for(300us);
                }
                _session << "COMMIT", now;
                ++_transactions;
            } catch (const Poco::Exception&) {  // the deadlock took this one
                _session << "ROLLBACK", now;
            }
        }
    }

    Poco::Data::Session _session;
    const long long _newest;
    std::atomic<bool> _end{false};
    std::atomic<int> _transactions{0};
    std::thread _thread;
};

/// The outcome of so many, in words.
std::string healed(int all, int failed) {
    if (failed == 0) return "all runs healed and succeeded";
    return std::to_string(all - failed) + " runs healed, " + std::to_string(failed) +
           " failed and one more put all right";
}

}  // namespace

/// Whatever the database does: a run heals or fails with a sentence, and the next one completes it.
class DatabaseFaultsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DatabaseFaultsTest);
    CPPUNIT_TEST(serverKilledAndStartedAgain);
    CPPUNIT_TEST(connectionsCutAtRandomInstants);
    CPPUNIT_TEST(rivalForTheSameCampaigns);
    CPPUNIT_TEST(lockThatIsHeldForTooLong);
    CPPUNIT_TEST(readOnlyServer);
    CPPUNIT_TEST(sessionLimitReached);
    CPPUNIT_TEST(laxServerInAnotherZoneWithSmallPackets);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _server = std::make_unique<PrivateServer>();
        _town = std::make_unique<Town>();
    }
    void tearDown() override {
        _town.reset();
        _server.reset();
    }

    void serverKilledAndStartedAgain() {
        const int kills = isFullScenario() ? 40 : 4;
        int failed = 0;
        for (int kill = 1; kill <= kills; ++kill) {
            const std::string when = "kill " + std::to_string(kill);
            for (int i = 0; i < 5; ++i) _town->offerMore();
            auto run = _town->command().limit(90s).start();
            std::this_thread::sleep_for(pause(120ms));
            _server->kill();
            _server->start();
            const auto result = run.wait();
            _town->scene().agora().reconnect();
            if (result.exitCode != 0) {
                ++failed;
                assertContains("database", result.out);
            }
            settle(when);
        }
        tellEvidence("database server killed and started again", kills, healed(kills, failed));
    }

    void connectionsCutAtRandomInstants() {
        const int cuts = isFullScenario() ? 120 : 10;
        const auto undisturbed = timeOfARun();
        int met = 0;
        int failed = 0;
        for (int cut = 1; met < cuts; ++cut) {
            CPPUNIT_ASSERT_MESSAGE("most cuts met no run", cut <= 20 * cuts);
            for (int i = 0; i < 2; ++i) _town->offerMore();
            auto run = _town->command().start();
            std::this_thread::sleep_for(pause(undisturbed));
            met += cutSessions();
            if (run.wait().exitCode != 0) ++failed;
            settle("cut " + std::to_string(cut));
        }
        tellEvidence("database connection cut", met, healed(met, failed));
        CPPUNIT_ASSERT(failed < met);  // the others healed within their run
    }

    void rivalForTheSameCampaigns() {
        const int rounds = isFullScenario() ? 100 : 15;
        int transactions = 0;
        for (int round = 1; round <= rounds; ++round) {
            for (int i = 0; i < 5; ++i) _town->offerMore();
            {
                const Rival rival(_town->scene().agora());
                assertExit(0, _town->command().run());
                transactions += rival.transactions();
            }
            settle("round " + std::to_string(round));
        }
        tellEvidence("rival that locks the same campaigns in another order", rounds,
                     "all runs succeeded, with " + std::to_string(retries()) + " batches tried again");
        CPPUNIT_ASSERT(transactions > rounds);
        CPPUNIT_ASSERT(retries() > 0);
    }

    void lockThatIsHeldForTooLong() {
        execute("SET GLOBAL innodb_lock_wait_timeout = 1");
        _town->offerMore();
        Scene& scene = _town->scene();
        scene.beginTransaction();
        execute("UPDATE campaigns SET titre = 'Campagne' WHERE id > 8");

        auto run = _town->command().start();
        CPPUNIT_ASSERT(waitUntil([&] { return retries() > 0 || run.hasEnded(); }));
        CPPUNIT_ASSERT(!run.hasEnded());
        scene.commitTransaction();

        assertExit(0, run.wait());
        settle("held lock");
    }

    void readOnlyServer() {
        _town->offerMore();
        execute("SET GLOBAL read_only = 1");
        const auto result = _town->command().run();
        execute("SET GLOBAL read_only = 0");

        assertExit(1, result);
        assertContains("read-only", result.out);
        settle("read-only");
    }

    void sessionLimitReached() {
        execute("SET GLOBAL max_connections = 10");
        std::vector<Poco::Data::Session> others;
        try {
            for (int i = 0; i < 20; ++i)
                others.emplace_back(_town->scene().agora().connector(), _town->scene().agora().connectionString());
        } catch (const Poco::Exception&) {  // all are taken; one more is kept for whoever may set the server
        }
        _town->offerMore();

        const auto refused = _town->command().run();
        auto healed = _town->command().start();
        std::this_thread::sleep_for(30ms);
        others.clear();
        const auto result = healed.wait();
        execute("SET GLOBAL max_connections = 200");

        assertExit(1, refused);
        assertContains("Too many connections", refused.out);
        if (result.exitCode != 0) assertContains("Too many connections", result.out);
        settle("session limit");
    }

    void laxServerInAnotherZoneWithSmallPackets() {
        execute("SET GLOBAL sql_mode = ''");
        execute("SET GLOBAL time_zone = '+09:00'");
        execute("SET GLOBAL max_allowed_packet = 1048576");
        _town->scene().setJobKey("task.batch", "1000");
        for (int i = 0; i < 30; ++i) _town->offerMore();

        assertExit(0, _town->command().run());

        _town->assertExact("lax");
        const std::string wrong =
            "validations WHERE validated_at NOT BETWEEN '2026-01-05 09:00:00' AND '2026-01-05 "
            "09:01:00'";  // 08:00 UTC in Paris
        CPPUNIT_ASSERT_EQUAL(0LL, _town->scene().rows(wrong));
    }

private:
    /// So that random instants meet a run on a slow machine as well.
    std::chrono::milliseconds timeOfARun() {
        settle("the tables are made");
        for (int i = 0; i < 2; ++i) _town->offerMore();
        const auto begin = std::chrono::steady_clock::now();
        CPPUNIT_ASSERT_EQUAL(0, _town->command().start().wait().exitCode);
        const auto took = std::chrono::steady_clock::now() - begin;
        settle("undisturbed");
        return std::chrono::ceil<std::chrono::milliseconds>(took);
    }
    std::chrono::milliseconds pause(std::chrono::milliseconds most) {
        return std::chrono::milliseconds(_random() % static_cast<unsigned>(most.count()));
    }

    void execute(const std::string& sql) { _town->scene().agora().execute(sql); }

    /// As the job's log tells them.
    int retries() {
        const std::string log = _town->scene().log();
        int count = 0;
        for (auto at = log.find("database.retried"); at != std::string::npos; at = log.find("database.retried", at + 1))
            ++count;
        return count;
    }

    /// Those of the program.
    int cutSessions() {
        std::vector<long> ids;
        _town->scene().agora().session() << "SELECT id FROM information_schema.processlist WHERE user = '" +
                                                _town->scene().user() + "'",
            into(ids), now;
        int cut = 0;
        for (const long id : ids) {
            try {
                execute("KILL CONNECTION " + std::to_string(id));
                ++cut;
            } catch (const Poco::Exception&) {  // it has ended by itself
            }
        }
        return cut;
    }

    void settle(const std::string& when) {
        _town->assertNothingHalf(when);
        _town->recover();
        _town->assertExact(when);
    }

    std::unique_ptr<PrivateServer> _server{};
    std::unique_ptr<Town> _town{};
    std::mt19937 _random{20260117};
};

CPPUNIT_TEST_SUITE_REGISTRATION(DatabaseFaultsTest);
