#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "alerts/AlertQuery.h"
#include "alerts/AlertRows.h"
#include "alerts/AlertStore.h"
#include "carillon/data/TransactionScope.h"
#include "schedule/ZoneDatabase.h"
#include "store/KnownJobs.h"
#include "support/Database.h"
#include "support/HostFolder.h"

using namespace carillon;
using namespace std::chrono_literals;

namespace {

const TimePoint kDecidedAt = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

class MovedClock final : public Clock {
public:
    TimePoint now() const override { return at; }
    TimePoint at = kDecidedAt;
};

Alert failureOf(const std::string& job, const std::string& run) {
    Alert alert;
    alert.job = job;
    alert.event = alert.run = run;
    alert.message = "échoué 🎈";
    alert.at = kDecidedAt;
    return alert;
}

AlertClaim claimBy(const ProcessIdentity& owner) {
    AlertClaim claim;
    claim.channel = AlertChannel::Webhook;
    claim.owner = owner;
    claim.lease = 5min;
    claim.targetOf = [](const std::string&) { return std::optional<std::string>("there"); };
    return claim;
}

/// Lives on another machine: nobody here can tell whether it still does.
ProcessIdentity elsewhere(const std::string& host) {
    return {host, "boot", "namespace", 1, 1};
}

}  // namespace

/// Alerts in the store: kept until delivered, sent by one, in SQLite and in MySQL or MariaDB.
class AlertStoreTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AlertStoreTest);
    CPPUNIT_TEST(alertIsKeptUntilDeliveredInSqlite);
    CPPUNIT_TEST(alertIsKeptUntilDeliveredInMySql);
    CPPUNIT_TEST(oneHostSendsInSqlite);
    CPPUNIT_TEST(oneHostSendsInMySql);
    CPPUNIT_TEST(whatWasTriedTogetherStaysTogetherInSqlite);
    CPPUNIT_TEST(whatWasTriedTogetherStaysTogetherInMySql);
    CPPUNIT_TEST(snoozeHoldsWhatWaitsInSqlite);
    CPPUNIT_TEST(snoozeHoldsWhatWaitsInMySql);
    CPPUNIT_TEST(pingTakesThePlaceOfOlderOnesInSqlite);
    CPPUNIT_TEST(pingTakesThePlaceOfOlderOnesInMySql);
    CPPUNIT_TEST(tablesRefuseWhatCannotBeInSqlite);
    CPPUNIT_TEST(tablesRefuseWhatCannotBeInMySql);
    CPPUNIT_TEST(knownJobKeepsItsTimeInSqlite);
    CPPUNIT_TEST(knownJobKeepsItsTimeInMySql);
    CPPUNIT_TEST(twoHostsAtOnceSendEachAlertOnceInMySql);
    CPPUNIT_TEST(twoHostsDecideOneAlert);
    CPPUNIT_TEST(goneSenderIsReplacedAtOnceAndALivingOneNever);
    CPPUNIT_TEST(successesThatChangeNothingAreNotWritten);
    CPPUNIT_TEST(channelThatIsGoneDropsItsAlerts);
    CPPUNIT_TEST(targetsAreNotMixed);
    CPPUNIT_TEST(alertsAreFoundByWhatTheyAre);
    CPPUNIT_TEST(pagesOfAlertsAreWholeAndDisjoint);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _now = kDecidedAt; }
    void tearDown() override { _database.reset(); }

    using Kind = TestDatabase::Kind;
    void alertIsKeptUntilDeliveredInSqlite() { alertIsKeptUntilDelivered(Kind::Sqlite); }
    void alertIsKeptUntilDeliveredInMySql() { alertIsKeptUntilDelivered(Kind::MySql); }
    void oneHostSendsInSqlite() { oneHostSends(Kind::Sqlite); }
    void oneHostSendsInMySql() { oneHostSends(Kind::MySql); }
    void whatWasTriedTogetherStaysTogetherInSqlite() { whatWasTriedTogetherStaysTogether(Kind::Sqlite); }
    void whatWasTriedTogetherStaysTogetherInMySql() { whatWasTriedTogetherStaysTogether(Kind::MySql); }
    void snoozeHoldsWhatWaitsInSqlite() { snoozeHoldsWhatWaits(Kind::Sqlite); }
    void snoozeHoldsWhatWaitsInMySql() { snoozeHoldsWhatWaits(Kind::MySql); }
    void pingTakesThePlaceOfOlderOnesInSqlite() { pingTakesThePlaceOfOlderOnes(Kind::Sqlite); }
    void pingTakesThePlaceOfOlderOnesInMySql() { pingTakesThePlaceOfOlderOnes(Kind::MySql); }
    void tablesRefuseWhatCannotBeInSqlite() { tablesRefuseWhatCannotBe(Kind::Sqlite); }
    void tablesRefuseWhatCannotBeInMySql() { tablesRefuseWhatCannotBe(Kind::MySql); }

    void knownJobKeepsItsTimeInSqlite() { knownJobKeepsItsTime(Kind::Sqlite); }
    void knownJobKeepsItsTimeInMySql() { knownJobKeepsItsTime(Kind::MySql); }

    void twoHostsAtOnceSendEachAlertOnceInMySql() {
        make(Kind::MySql);
        constexpr int kAlerts = 60;
        for (int i = 0; i < kAlerts; ++i) add(failureOf("job" + std::to_string(i), "run"));
        const auto sendAll = [this](const std::string& host, std::vector<std::string>& sent) {
            Poco::Data::Session session(_database->connector(), _database->connectionString());
            auto claim = claimBy(elsewhere(host));
            // A target of its own for each job, so that they race for each.
            claim.targetOf = [](const std::string& job) { return std::optional(job); };
            for (int tries = 0; tries < 2 * kAlerts; ++tries) {
                try {
                    TransactionScope transaction(session);
                    const auto alerts = claimAlerts(session, claim, _now);
                    transaction.commit();
                    if (!alerts) continue;
                    for (const auto& item : alerts->items) sent.push_back(item.id);
                    TransactionScope settling(session);
                    settleAlerts(session, *alerts, {true, {}, {}}, AlertChannel::Webhook, _now);
                    settling.commit();
                } catch (const Poco::Exception&) {  // a deadlock: as if nothing had been tried
                }
            }
        };

        std::vector<std::string> here;
        std::vector<std::string> there;
        std::thread other([&] { sendAll("there", there); });
        sendAll("here", here);
        other.join();

        std::set<std::string> all(here.begin(), here.end());
        all.insert(there.begin(), there.end());
        CPPUNIT_ASSERT_EQUAL(here.size() + there.size(), all.size());
        CPPUNIT_ASSERT_EQUAL(static_cast<long long>(all.size()),
                             _database->count("SELECT COUNT(*) FROM alert WHERE state = 'sent'"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{kAlerts}, all.size());
    }

    void twoHostsDecideOneAlert() {
        const HostFolder folder;
        MovedClock clock;
        AlertStore one((folder.path() / "state").string(), clock);
        AlertStore two((folder.path() / "state").string(), clock);
        const LateSlots slots{"job", kDecidedAt, kDecidedAt, 1, std::string(kLateWaits)};
        AlertStore::Question question;
        question.job = "job";
        question.complete = [](Alert&) {};
        question.channels = {AlertChannel::Mail, AlertChannel::Webhook};
        bool overtaken = false;
        question.decide = [&](const AlertState& state, TimePoint snoozedUntil) {
            // While the first host decides, the second one has decided.
            if (!std::exchange(overtaken, true)) CPPUNIT_ASSERT(two.decide(question));
            return decideAlerts(state, {}, slots, snoozedUntil, kDecidedAt);
        };

        CPPUNIT_ASSERT(!one.decide(question));

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, one.alerts({10}).size());
    }

    void goneSenderIsReplacedAtOnceAndALivingOneNever() {
        make(Kind::Sqlite);
        add(failureOf("job", "run"));
        const auto self = ProcessIdentity::ofThisProcess("here");
        auto gone = self;
        gone.start = 1;  // another process had this number

        CPPUNIT_ASSERT(claim(claimBy(gone)));
        const auto again = claim(claimBy(self));
        CPPUNIT_ASSERT(again && again->attempts == 2);
        _now += 24h;
        CPPUNIT_ASSERT(!claim(claimBy(self)));
    }

    void successesThatChangeNothingAreNotWritten() {
        const HostFolder folder;
        MovedClock clock;
        AlertStore store((folder.path() / "state").string(), clock);
        AlertStore::Question question;
        question.job = "job";
        question.complete = [](Alert&) {};
        AlertState seen;
        question.decide = [&](const AlertState& state, TimePoint snoozedUntil) {
            seen = state;
            return decideAlerts(state, {}, EndedRun{"job", "run", Outcome::Succeeded, "", 0, {}, kDecidedAt, false},
                                snoozedUntil, kDecidedAt);
        };

        CPPUNIT_ASSERT(!store.decide(question));
        CPPUNIT_ASSERT(!store.decide(question));
        CPPUNIT_ASSERT(seen == AlertState{});
    }

    void channelThatIsGoneDropsItsAlerts() {
        make(Kind::Sqlite);
        add(failureOf("job", "run"));
        auto claim = claimBy(elsewhere("a"));
        claim.targetOf = [](const std::string&) { return std::nullopt; };

        CPPUNIT_ASSERT(!this->claim(claim));

        const auto rows = readAlerts(session(), {10});
        CPPUNIT_ASSERT_EQUAL(std::string_view("dropped"), nameOf(rows.at(0).phase));
        CPPUNIT_ASSERT_EQUAL(std::string("this channel is not configured any more"), rows.at(0).problem);
    }

    void targetsAreNotMixed() {
        make(Kind::Sqlite);
        for (const auto* job : {"a", "b", "a2"}) add(failureOf(job, "run"));
        const auto claimFrom = [this](const std::string& host) {
            auto ask = claimBy(elsewhere(host));
            ask.targetOf = [](const std::string& job) { return std::optional(job.substr(0, 1)); };
            return claim(ask);
        };

        const auto first = claimFrom("a");
        const auto second = claimFrom("b");

        CPPUNIT_ASSERT(first && second && !claimFrom("c"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, first->items.size() + second->items.size());
        CPPUNIT_ASSERT(first->message != second->message);
    }

    void alertsAreFoundByWhatTheyAre() {
        make(Kind::Sqlite);
        add(failureOf("a", "r1"));
        _now += 1h;
        for (const auto* run : {"r2", "r3", "r4", "r5"}) add(failureOf("b", run));
        settle(*claim(claimBy(elsewhere("a"))), {true, {}, {}});
        const auto found = [this](const AlertWords& words) {
            AlertQuery query;
            apply(words, *findTimeZone("Europe/Paris"), _now, query);
            std::string jobs;
            for (const auto& row : readAlerts(session(), query)) jobs += row.alert.job;
            return jobs;
        };

        CPPUNIT_ASSERT_EQUAL(std::string("bbbba"), found({}));
        CPPUNIT_ASSERT_EQUAL(std::string("a"), found({.job = "a"}));
        CPPUNIT_ASSERT_EQUAL(std::string("bbbba"), found({.kind = "failed", .channel = "webhook", .state = "sent"}));
        CPPUNIT_ASSERT_EQUAL(std::string(), found({.kind = "missed"}));
        CPPUNIT_ASSERT_EQUAL(std::string(), found({.channel = "mail"}));
        CPPUNIT_ASSERT_EQUAL(std::string(), found({.state = "waiting"}));
        CPPUNIT_ASSERT_EQUAL(std::string("bbbb"), found({.since = "2026-11-22 02:00"}));
        CPPUNIT_ASSERT_EQUAL(std::string("a"), found({.until = "2026-11-22 01:59"}));
        CPPUNIT_ASSERT_THROW(found({.kind = "odd"}), Poco::SyntaxException);
        CPPUNIT_ASSERT_THROW(found({.since = "noon"}), Poco::SyntaxException);
    }

    void pagesOfAlertsAreWholeAndDisjoint() {
        make(Kind::Sqlite);
        for (const auto* run : {"r1", "r2", "r3", "r4", "r5"}) add(failureOf("b", run));
        _now += 1h;
        add(failureOf("a", "r"));

        std::set<std::string> ids;
        AlertQuery query;
        query.limit = 2;
        for (int page = 0; page < 3; ++page) {
            const auto rows = readAlerts(session(), query);
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rows.size());
            for (const auto& row : rows) CPPUNIT_ASSERT(ids.insert(row.id).second);
            query.after = AlertQuery::Place{rows.back().createdAt, rows.back().id};
        }
        CPPUNIT_ASSERT(readAlerts(session(), query).empty());
    }

private:
    void alertIsKeptUntilDelivered(Kind kind) {
        make(kind);
        add(failureOf("job", "run"));
        add(failureOf("job", "run"));  // the same event

        const auto first = claim(claimBy(elsewhere("a")));
        CPPUNIT_ASSERT(first && first->items.size() == 1 && first->attempts == 1);
        CPPUNIT_ASSERT_EQUAL(std::string("échoué 🎈"), first->items[0].alert.message.text);
        settle(*first, {false, _now + 5s, "answered 503"});
        CPPUNIT_ASSERT(!hasDueAlerts(session(), AlertChannel::Webhook, _now));
        CPPUNIT_ASSERT(!claim(claimBy(elsewhere("a"))));
        CPPUNIT_ASSERT_EQUAL(std::string("answered 503"), readAlerts(session(), {10}).at(0).problem);

        _now += 5s;
        const auto second = claim(claimBy(elsewhere("b")));
        CPPUNIT_ASSERT(second && second->attempts == 2);
        CPPUNIT_ASSERT_EQUAL(first->message, second->message);
        settle(*first, {true, {}, {}});  // comes too late: it is the other host's by now
        CPPUNIT_ASSERT_EQUAL(std::string_view("sending"), nameOf(readAlerts(session(), {10}).at(0).phase));
        settle(*second, {true, {}, {}});
        CPPUNIT_ASSERT_EQUAL(std::string_view("sent"), nameOf(readAlerts(session(), {10}).at(0).phase));
        _now += 24h;
        CPPUNIT_ASSERT(!claim(claimBy(elsewhere("a"))));

        trimAlerts(session(), _now);
        CPPUNIT_ASSERT(readAlerts(session(), {10}).empty());
    }

    void oneHostSends(Kind kind) {
        make(kind);
        add(failureOf("job", "run"));

        CPPUNIT_ASSERT(claim(claimBy(elsewhere("a"))));
        CPPUNIT_ASSERT(!claim(claimBy(elsewhere("b"))));
        _now += 5min + 1s;  // nobody can tell whether a still lives
        const auto taken = claim(claimBy(elsewhere("b")));
        CPPUNIT_ASSERT(taken && taken->attempts == 2);
    }

    void whatWasTriedTogetherStaysTogether(Kind kind) {
        make(kind);
        for (const auto* job : {"a", "b"}) add(failureOf(job, "run"));
        const auto first = claim(claimBy(elsewhere("a")));
        CPPUNIT_ASSERT(first && first->items.size() == 2);
        settle(*first, {false, _now, "hangs"});
        _now += 1s;
        add(failureOf("c", "run"));

        const auto again = claim(claimBy(elsewhere("a")));
        const auto other = claim(claimBy(elsewhere("b")));

        CPPUNIT_ASSERT(again && again->message == first->message && again->items.size() == 2);
        CPPUNIT_ASSERT(other && other->message != first->message && other->items.size() == 1);
    }

    void snoozeHoldsWhatWaits(Kind kind) {
        make(kind);
        add(failureOf("job", "run"));

        inTransaction([&] { snoozeAlerts(session(), "job", _now + 2h, _now); });
        CPPUNIT_ASSERT(!claim(claimBy(elsewhere("a"))));
        CPPUNIT_ASSERT(readAlertJob(session(), "job").snoozedUntil == _now + 2h);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, readSnoozes(session(), _now).size());

        inTransaction([&] { snoozeAlerts(session(), "job", _now, _now); });
        CPPUNIT_ASSERT(readSnoozes(session(), _now).empty());
        CPPUNIT_ASSERT(claim(claimBy(elsewhere("a"))));
    }

    void pingTakesThePlaceOfOlderOnes(Kind kind) {
        make(kind);
        for (const auto* run : {"run1", "run2", "run3"})
            inTransaction([&] { addAlert(session(), failureOf("job", run), AlertChannel::Ping, _now); });
        auto ask = claimBy(elsewhere("a"));
        ask.channel = AlertChannel::Ping;

        const auto ping = claim(ask);

        CPPUNIT_ASSERT(ping && ping->items.size() == 1);
        CPPUNIT_ASSERT_EQUAL(std::string("run3"), ping->items[0].alert.run);
        inTransaction([&] { settleAlerts(session(), *ping, {true, {}, {}}, AlertChannel::Ping, _now); });
        CPPUNIT_ASSERT_EQUAL(0LL, _database->count("SELECT COUNT(*) FROM alert"));
    }

    void tablesRefuseWhatCannotBe(Kind kind) {
        make(kind);
        const std::string insert =
            "INSERT INTO alert (id, job, kind, channel, created_at, facts, state, due_at, attempts, fence, problem) ";
        _database->execute(insert + "VALUES ('a', 'j', 'failed', 'mail', 1, '{}', 'waiting', 1, 0, 0, '')");

        CPPUNIT_ASSERT_THROW(
            _database->execute(insert + "VALUES ('b', 'j', 'failed', 'pigeon', 1, '{}', 'waiting', 1, 0, 0, '')"),
            Poco::Exception);
        CPPUNIT_ASSERT_THROW(_database->execute("UPDATE alert SET state = 'sending'"), Poco::Exception);
        CPPUNIT_ASSERT_THROW(_database->execute("UPDATE alert SET state = 'sent'"), Poco::Exception);
    }

    /// However often hosts start, and whichever is first.
    void knownJobKeepsItsTime(Kind kind) {
        make(kind);
        inTransaction([&] { addKnownJobs(session(), {"a", "b"}, _now); });
        inTransaction([&] { addKnownJobs(session(), {"b", "c"}, _now + 1h); });
        inTransaction([&] { removeKnownJobs(session(), {"a", "never"}); });

        const std::map<std::string, TimePoint> expected{{"b", _now}, {"c", _now + 1h}};
        CPPUNIT_ASSERT(readKnownJobs(session()) == expected);
        CPPUNIT_ASSERT_THROW(_database->execute("INSERT INTO job_known (job, since) VALUES ('b', 1)"), Poco::Exception);
    }

    void make(Kind kind) {
        _database = std::make_unique<TestDatabase>(kind);
        const std::string dialect = kind == Kind::MySql ? "mysql" : "sqlite";
        for (const auto* file : {"001_ledger", "002_schedule", "004_alerts", "007_known"})
            _database->executeFile(std::string(CARILLON_SCHEMAS_DIR "/host/") + dialect + "/" + file + ".sql");
    }
    Poco::Data::Session& session() { return _database->session(); }

    template <typename Action>
    void inTransaction(Action action) {
        TransactionScope transaction(session());
        action();
        transaction.commit();
    }
    void add(const Alert& alert) {
        inTransaction([&] { addAlert(session(), alert, AlertChannel::Webhook, _now); });
    }
    std::optional<ClaimedAlerts> claim(const AlertClaim& ask) {
        std::optional<ClaimedAlerts> claimed;
        inTransaction([&] { claimed = claimAlerts(session(), ask, _now); });
        return claimed;
    }
    void settle(const ClaimedAlerts& alerts, const AlertAttempt& attempt) {
        inTransaction([&] { settleAlerts(session(), alerts, attempt, AlertChannel::Webhook, _now); });
    }

    TimePoint _now = kDecidedAt;
    std::unique_ptr<TestDatabase> _database{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(AlertStoreTest);
