#include "ServerNeeds.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <vector>

#include "AgoraTestFixture.h"
#include "MailCheck.h"
#include "PasserelleCheck.h"

using namespace passerelle;

/// What a server must have before anything is written to it.
class ServerNeedsTest : public AgoraTestFixture {  // on SQLite
    CPPUNIT_TEST_SUITE(ServerNeedsTest);
    CPPUNIT_TEST(agorasOwnTablesAreGood);
    CPPUNIT_TEST_SUITE_END();

public:
    void agorasOwnTablesAreGood() {
        CPPUNIT_ASSERT_EQUAL(std::string(), faults());
        CPPUNIT_ASSERT_EQUAL(std::string("passed all tables are there: 2 active and 0 expired tokens ()"), check());
    }

protected:
    std::string faults() {
        std::string text;
        for (const auto& fault : ServerNeeds(session()).findFaults())
            text += fault.message + "\n" + fault.remedy + "\n";
        return text;
    }
    /// State, message and recommendation of the check of the database.
    std::string check() { return checkWith(databaseOptions()); }
    std::string checkWith(const DatabaseOptions& options) {
        const carillon::Check check = checkDatabase(options, RightsOf::Synchronisation, context());
        return std::string(carillon::checkStateName(check.state)) + " " + check.message.text + " (" +
               check.recommendation.text + ")";
    }
    /// Of one that has an answer to store.
    std::string failureOfARun() {
        gateway().items.clear();
        gateway().add({.id = 1, .token = "ann"});
        const auto report = run();
        CPPUNIT_ASSERT(gateway().acknowledged.empty());
        CPPUNIT_ASSERT_EQUAL(0LL, countRows("validations"));
        return report.message.text;
    }
    static void assertContains(const std::string& part, const std::string& text) {
        CPPUNIT_ASSERT_MESSAGE(text, text.find(part) != std::string::npos);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServerNeedsTest);

/// On a server, which may lack something.
class ServerNeedsOnMySqlTest : public MySqlTestFixture<ServerNeedsTest> {
    CPPUNIT_TEST_SUB_SUITE(ServerNeedsOnMySqlTest, ServerNeedsTest);
    CPPUNIT_TEST(tablesWithoutTransactionsAreRefusedByRunAndCheck);
    CPPUNIT_TEST(tablesOfOurOwnNeedTransactionsToo);
    CPPUNIT_TEST(tablesThatAreOnlyReadMayHaveAnyEngine);
    CPPUNIT_TEST(viewsAndMissingTablesAreNamed);
    CPPUNIT_TEST(writesThatTheServerRefusesAreSeenByTheCheck);
    CPPUNIT_TEST_SUITE_END();

public:
    void tablesWithoutTransactionsAreRefusedByRunAndCheck() {
        for (const std::string engine : {"MyISAM", "Aria", "MEMORY"}) {
            db().execute("DROP TABLE campaign_logs");
            db().execute(
                "CREATE TABLE campaign_logs (id INT AUTO_INCREMENT PRIMARY KEY, campaign_id INT, user_id INT, "
                "action VARCHAR(50), description VARCHAR(500), old_values VARCHAR(50), new_values "
                "VARCHAR(50), created_at TIMESTAMP) ENGINE=" +
                engine);
            const std::string message =
                "tables whose engine has no transactions, so that a run that breaks off would leave half an answer: "
                "campaign_logs (" +
                engine + ")";

            CPPUNIT_ASSERT_EQUAL(message + "; run: ALTER TABLE campaign_logs ENGINE=InnoDB", failureOfARun());
            CPPUNIT_ASSERT_EQUAL("failed " + message + " (run: ALTER TABLE campaign_logs ENGINE=InnoDB)", check());
        }
        db().execute("ALTER TABLE campaign_logs ENGINE=InnoDB");
        CPPUNIT_ASSERT_EQUAL(std::string(), faults());
    }

    void tablesOfOurOwnNeedTransactionsToo() {
        db().execute("ALTER TABLE passerelle_inbox ENGINE=Aria");

        assertContains("passerelle_inbox (Aria)", failureOfARun());
        assertContains("ALTER TABLE passerelle_inbox ENGINE=InnoDB", check());
    }

    void tablesThatAreOnlyReadMayHaveAnyEngine() {
        db().execute("ALTER TABLE settings ENGINE=MyISAM");

        CPPUNIT_ASSERT_EQUAL(std::string(), faults());
    }

    void viewsAndMissingTablesAreNamed() {
        db().execute("RENAME TABLE validations TO all_validations");
        assertContains("the database lacks tables, or hides them from this user: validations", failure());
        assertContains("tables missing or not readable: validations", check());

        db().execute("CREATE VIEW validations AS SELECT * FROM all_validations");
        assertContains("not a table but a view, whose transactions cannot be vouched for: validations",
                       failureOfARun());
        assertContains("name the database that has the tables themselves in task.database.*", check());
    }

    void writesThatTheServerRefusesAreSeenByTheCheck() {
        const std::string before = everything();
        for (const std::string event : {"UPDATE ON campaigns", "UPDATE ON validation_tokens", "INSERT ON validations",
                                        "INSERT ON campaign_logs"}) {
            db().execute("CREATE TRIGGER refusing BEFORE " + event +
                         " FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not on Sundays'");

            assertContains("failed the database", check());
            assertContains("not on Sundays", check());
            db().execute("DROP TRIGGER refusing");
        }
        CPPUNIT_ASSERT_EQUAL(before, everything());
    }

private:
    std::string failure() {
        gateway().add({.id = 1, .token = "ann"});
        return run().message.text;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServerNeedsOnMySqlTest);

/// What the database's user may do.
class DatabaseRightsTest : public MySqlTestFixture<ServerNeedsTest> {
    CPPUNIT_TEST_SUITE(DatabaseRightsTest);
    CPPUNIT_TEST(rightsThatTheGuideNamesAreEnough);
    CPPUNIT_TEST(missingRightsAreNamedWithTheirGrants);
    CPPUNIT_TEST(withoutTheRightToMakeTablesAnAdministratorMakesThem);
    CPPUNIT_TEST(tablesThatAreThereNeedNoRightToMakeThem);
    CPPUNIT_TEST(mailsNeedRightsOfTheirOwn);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        MySqlTestFixture::setUp();
        db().execute("CREATE OR REPLACE USER " + account() + " IDENTIFIED BY 'rights'");
        for (const auto* table : {"settings", "users", "campaign_validators"}) grant("SELECT", table);
        for (const auto* table : {"campaigns", "validation_tokens"}) grant("SELECT, UPDATE", table);
        for (const auto* table : {"validations", "campaign_logs"}) grant("SELECT, INSERT", table);
        for (const auto* table : {"passerelle_inbox", "passerelle_listing"})
            grant("CREATE, ALTER, SELECT, INSERT, UPDATE, DELETE", table);
        grant("CREATE, SELECT, INSERT", "passerelle_migration");
    }
    void tearDown() override {
        db().execute("DROP USER " + account());
        MySqlTestFixture::tearDown();
    }

    void rightsThatTheGuideNamesAreEnough() {
        dropOurTables();

        CPPUNIT_ASSERT_EQUAL(std::string("passed all tables are there: 2 active and 0 expired tokens ()"),
                             checkWith(options()));
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=2 applied=2 acknowledged=2"), counted(runAsUser()));
    }

    void missingRightsAreNamedWithTheirGrants() {
        for (const std::string right :
             {"SELECT ON settings", "SELECT ON users", "SELECT ON campaign_validators", "UPDATE ON campaigns",
              "UPDATE ON validation_tokens", "INSERT ON validations", "INSERT ON campaign_logs",
              "INSERT ON passerelle_inbox", "UPDATE ON passerelle_listing"}) {
            const auto on = right.find(" ON ");
            const std::string revoked =
                right.substr(0, on) + " ON `" + db().name() + "`.`" + right.substr(on + 4) + "`";
            db().execute("REVOKE " + revoked + " FROM " + account());
            const std::string grant = "GRANT " + revoked + " TO " + account();

            assertContains(grant, checkWith(options()));
            assertContains(grant, runAsUser().message.text);
            db().execute(grant);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), counted(runAsUser()).substr(0, 9));
    }

    void withoutTheRightToMakeTablesAnAdministratorMakesThem() {
        dropOurTables();
        for (const auto* table : {"passerelle_inbox", "passerelle_listing", "passerelle_migration"})
            db().execute(std::string("REVOKE ALL ON ") + table + " FROM " + account());

        const std::string failure = runAsUser().message.text;

        assertContains("the database's user may not make the plugin's own tables: CREATE command denied", failure);
        const std::string script = failure.substr(failure.find("CREATE TABLE"));
        assertContains("; grant it CREATE and ALTER, or run as an administrator of the server: " + script, failure);
        // The second of these moments is another one.
        assertContains(script.substr(0, script.find("INSERT INTO")), checkWith(options()));
        executeAll(script);
        CPPUNIT_ASSERT_EQUAL(std::string("passed all tables are there: 2 active and 0 expired tokens ()"),
                             checkWith(options()));
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=2 applied=2 acknowledged=2"), counted(runAsUser()));
    }

    void tablesThatAreThereNeedNoRightToMakeThem() {
        db().execute("DELETE FROM passerelle_migration");
        for (const auto* table : {"passerelle_inbox", "passerelle_listing", "passerelle_migration"})
            db().execute(std::string("REVOKE CREATE ON ") + table + " FROM " + account());

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=2 applied=2 acknowledged=2"), counted(runAsUser()));
        CPPUNIT_ASSERT_EQUAL(2LL, countRows("passerelle_migration"));
    }

    void mailsNeedRightsOfTheirOwn() {
        const auto check = checkOutbox(options(), RightsOf::Notifying, context());
        assertContains("may not make the plugin's own tables", check.message.text);
        assertContains(
            "; grant it CREATE and ALTER, or run as an administrator of the server: " + std::string("CREATE TABLE"),
            "; " + check.recommendation.text);
        const std::string failure = runAsUser(true).message.text;
        assertContains("the database's user may not make the plugin's own tables: CREATE command denied", failure);
        CPPUNIT_ASSERT_EQUAL(0LL, countRows("validations"));

        executeAll(failure.substr(failure.find("CREATE TABLE")));

        CPPUNIT_ASSERT_EQUAL(
            std::string("passed"),
            std::string(carillon::checkStateName(checkOutbox(options(), RightsOf::Mails, context()).state)));
        db().execute("REVOKE INSERT ON passerelle_outbox FROM " + account());
        const std::string grant = "GRANT INSERT ON `" + db().name() + "`.`passerelle_outbox` TO " + account();
        assertContains(grant, checkOutbox(options(), RightsOf::Notifying, context()).recommendation.text);
        assertContains(grant, runAsUser(true).message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("en_validation"), campaignStatus());
        db().execute(grant);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded fetched=2 applied=2 acknowledged=2"), counted(runAsUser(true)));
        CPPUNIT_ASSERT_EQUAL(1LL, countRows("passerelle_outbox"));
    }

private:
    std::string account() { return "'rights_" + db().name().substr(14) + "'@'%'"; }
    void grant(const std::string& rights, const std::string& table) {
        db().execute("GRANT " + rights + " ON " + table + " TO " + account());
    }
    void dropOurTables() { db().execute("DROP TABLE passerelle_inbox, passerelle_listing, passerelle_migration"); }
    void executeAll(const std::string& script) {
        for (std::size_t begin = 0; begin != std::string::npos;) {
            const auto end = script.find("; ", begin);
            db().execute(script.substr(begin, end == std::string::npos ? end : end - begin));
            begin = end == std::string::npos ? end : end + 2;
        }
    }
    DatabaseOptions options() {
        DatabaseOptions options = databaseOptions();
        // The last of a key counts.
        options.connection += ";user=" + account().substr(1, account().find('\'', 1) - 1) + ";password=rights";
        return options;
    }
    /// The settings, and a listing with the answers that settle the campaign.
    carillon::RunReport runAsUser(bool notifies = false) {
        gateway().items.clear();
        gateway().add({.id = 1, .token = "ann"});
        gateway().add({.id = 2, .token = "bob"});
        try {
            AgoraSession session(options(), context());
            AgoraDatabase(session).readSettings();
            context().settableIdentity().run = "run-of-" + std::to_string(++_run);
            auto how = limits();
            how.notifiesCreators = notifies;
            return Synchronisation(gateway(), session, _time, how, context()).run();
        } catch (const DatabaseFailed& e) {
            return carillon::RunReport::failed(e.message());
        }
    }

    int _run = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(DatabaseRightsTest);
