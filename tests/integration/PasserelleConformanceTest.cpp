#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>

#include "GatewayServer.h"
#include "PasserelleSync.h"
#include "Poco/TemporaryFile.h"
#include "TokensClean.h"
#include "carillon/testing/TaskTest.h"
#include "support/Database.h"

/// The suite that every task passes, for Passerelle's two.
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
