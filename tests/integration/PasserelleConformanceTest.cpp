#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>

#include "GatewayServer.h"
#include "MailTasks.h"
#include "PasserelleSync.h"
#include "Poco/TemporaryFile.h"
#include "TokensClean.h"
#include "carillon/testing/TaskTest.h"
#include "support/Database.h"
#include "support/FakeSmtp.h"

/// The suite that every task passes, for those of Passerelle.
class TokensCleanConformanceTest : public carillon::testing::TaskTest {
    CPPUNIT_TEST_SUB_SUITE(TokensCleanConformanceTest, carillon::testing::TaskTest);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _database = std::make_unique<TestDatabase>(TestDatabase::Kind::Sqlite);
        _database->addUser(1, "Ann", "Arbor");
        _database->addCampaign(10, "en_validation", "Printemps");
        _database->addValidator(10, 1);
        _database->addToken("ann", 10, 1, "2026-12-01 00:00:00");
        _database->addToken("old", 10, 1, "2026-01-01 00:00:00");
    }
    void tearDown() override { _database.reset(); }

protected:
    std::unique_ptr<carillon::SyncTask> makeTask() override { return std::make_unique<passerelle::TokensClean>(); }
    carillon::testing::Settings settings() override {
        return {{"database.connector", "SQLite"}, {"database.connection", db().connectionString()}};
    }
    /// The database, byte for byte.
    std::string world() override {
        std::ifstream file(db().connectionString(), std::ios::binary);
        CPPUNIT_ASSERT(file.is_open());
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        return std::to_string(bytes.size()) + " bytes " + std::to_string(std::hash<std::string>{}(bytes)) + "\n";
    }
    TestDatabase& db() { return *_database; }

private:
    std::unique_ptr<TestDatabase> _database{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(TokensCleanConformanceTest);

class PasserelleSyncConformanceTest : public TokensCleanConformanceTest {
    CPPUNIT_TEST_SUB_SUITE(PasserelleSyncConformanceTest, carillon::testing::TaskTest);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        TokensCleanConformanceTest::setUp();
        std::signal(SIGPIPE, SIG_IGN);
        _gateway = std::make_unique<testgateway::GatewayServer>(
            testgateway::GatewayOptions{.database = _file.path(), .key = "k3y-0f-the-gateway", .port = 0});
        db().setSetting("validation_mode", "passerelle");
        db().setSetting("validation_url", _gateway->address());
        db().setSetting("validation_apikey", "k3y-0f-the-gateway");
        db().setSetting("email_host", "smtp.mairie.example");
        db().setSetting("email_fromaddress", "agora@mairie.example");
        db().setSetting("email_password", "p4ss-0f-the-mail");
    }
    void tearDown() override {
        _gateway.reset();
        TokensCleanConformanceTest::tearDown();
    }

protected:
    std::unique_ptr<carillon::SyncTask> makeTask() override { return std::make_unique<passerelle::PasserelleSync>(); }

private:
    Poco::TemporaryFile _file{};
    std::unique_ptr<testgateway::GatewayServer> _gateway{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(PasserelleSyncConformanceTest);

class ReminderMailsConformanceTest : public TokensCleanConformanceTest {
    CPPUNIT_TEST_SUB_SUITE(ReminderMailsConformanceTest, carillon::testing::TaskTest);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        TokensCleanConformanceTest::setUp();
        std::signal(SIGPIPE, SIG_IGN);
        db().execute("ALTER TABLE campaigns ADD COLUMN created_by INT NULL");
        db().execute("ALTER TABLE campaigns ADD COLUMN date_limite DATE NULL");
        db().execute("UPDATE campaigns SET created_by = 1, date_limite = '2026-11-24'");
        db().execute("UPDATE validation_tokens SET created_at = '2026-11-01 09:00:00'");
        _smtp = std::make_unique<FakeSmtp>();
        db().setSetting("email_host", "127.0.0.1");
        db().setSetting("email_port", std::to_string(_smtp->port()));
        db().setSetting("email_username", "agora");
        db().setSetting("email_password", "p4ss-0f-the-mail");
        db().setSetting("email_fromaddress", "agora@mairie.example");
        db().setSetting("notif_relance_delai_jours", "3");
        db().setSetting("notif_deadline_alerte_jours", "3");
    }
    void tearDown() override {
        _smtp.reset();
        TokensCleanConformanceTest::tearDown();
    }

protected:
    std::unique_ptr<carillon::SyncTask> makeTask() override { return std::make_unique<passerelle::ReminderMails>(); }

private:
    std::unique_ptr<FakeSmtp> _smtp{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ReminderMailsConformanceTest);

class DeadlineMailsConformanceTest : public ReminderMailsConformanceTest {
    CPPUNIT_TEST_SUB_SUITE(DeadlineMailsConformanceTest, carillon::testing::TaskTest);
    CPPUNIT_TEST_SUITE_END();

protected:
    std::unique_ptr<carillon::SyncTask> makeTask() override { return std::make_unique<passerelle::DeadlineMails>(); }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DeadlineMailsConformanceTest);

class ApprovalMailsConformanceTest : public ReminderMailsConformanceTest {
    CPPUNIT_TEST_SUB_SUITE(ApprovalMailsConformanceTest, carillon::testing::TaskTest);
    CPPUNIT_TEST_SUITE_END();

protected:
    std::unique_ptr<carillon::SyncTask> makeTask() override { return std::make_unique<passerelle::ApprovalMails>(); }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ApprovalMailsConformanceTest);
