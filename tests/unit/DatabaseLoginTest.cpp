#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "AgoraSession.h"
#include "JobOptions.h"
#include "carillon/testing/FakeRunContext.h"
#include "MysqlHandle.h"
#include "Poco/Data/MySQL/Connector.h"
#include "Poco/Data/Session.h"
#include "support/RogueMysql.h"

using namespace passerelle;

namespace {

constexpr const char* kPassword = "hunter2000";

DatabaseOptions optionsFor(const RogueMysql& server) {
    DatabaseOptions options;
    options.host = "127.0.0.1";
    options.port = server.port();
    options.name = "agora";
    options.user = "carillon";
    options.password = kPassword;
    options.timeout = std::chrono::seconds(3);
    return options;
}

DatabaseOptions at(const std::string& host) {
    DatabaseOptions options;
    options.host = host;
    return options;
}

DatabaseOptions connectedBy(const std::string& connection) {
    DatabaseOptions options;
    options.connection = connection;
    return options;
}

}  // namespace

/// What is told to whoever answers in the place of Agora's database.
class DatabaseLoginTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DatabaseLoginTest);
    CPPUNIT_TEST(aServerThatAsksForThePasswordGetsNone);
    CPPUNIT_TEST(fromElsewhereAlsoNoneForAKeyOfItsOwn);
    CPPUNIT_TEST(aServerWithoutTheTlsThatIsWantedGetsNone);
    CPPUNIT_TEST(withoutTheOptionsNothingIsConnected);
    CPPUNIT_TEST(whereSomebodyMayListenIsKnown);
    CPPUNIT_TEST(aRunBeginsWithTheWarning);
    CPPUNIT_TEST_SUITE_END();

public:
    void aServerThatAsksForThePasswordGetsNone() {
        for (const std::string plugin : {"mysql_clear_password", "dialog", "mysql_old_password"}) {
            const RogueMysql server(plugin);

            const std::string refusal = refusalOf(optionsFor(server));

            CPPUNIT_ASSERT_MESSAGE(plugin, server.heard().find("carillon") != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(plugin, server.heard().find(kPassword) == std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(refusal, refusal.find(kPassword) == std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(refusal, refusal.find("task.database.tls.ca") != std::string::npos);
        }
    }

    /// Who has no hash of the password is given it, locked with a key that the server itself sends.
    void fromElsewhereAlsoNoneForAKeyOfItsOwn() {
        const RogueMysql server("caching_sha2_password");
        MysqlHandleOptions handle;
        handle.timeout = std::chrono::seconds(3);
        handle.logins = allowedLogins(at("db.example.com"));

        const std::string refusal = refusalWith(handle, optionsFor(server));

        CPPUNIT_ASSERT(!refusal.empty());
        const std::string heard = server.heard();
        CPPUNIT_ASSERT(heard.size() > 4);
        CPPUNIT_ASSERT_EQUAL(static_cast<std::size_t>(heard[0] & 0xff) + 4, heard.size());  // the first packet alone
    }

    void aServerWithoutTheTlsThatIsWantedGetsNone() {
        const RogueMysql server("mysql_clear_password");
        auto options = optionsFor(server);
        options.tls = true;

        const std::string refusal = refusalOf(options);

        CPPUNIT_ASSERT_MESSAGE(refusal, refusal.find("cannot open the database") == 0);
        CPPUNIT_ASSERT(server.heard().find(kPassword) == std::string::npos);
    }

    void withoutTheOptionsNothingIsConnected() {
        MysqlHandleOptions options;
        options.logins = "mysql_native_password";

        // No scope: as where Poco's connector finds another mysql_init than the plugin's.
        CPPUNIT_ASSERT_EQUAL(std::string("its time limit"), lackingBefore(options));

        const MysqlHandleScope scope(options);
        CPPUNIT_ASSERT_EQUAL(std::string(), lackingBefore(options));
    }

    void whereSomebodyMayListenIsKnown() {
        for (const auto& near : {at("localhost"), at("LOCALHOST"), at("127.0.0.1"), at("127.1.2.3"), at("::1"),
                                 connectedBy("db=agora;user=a;password=b"), connectedBy("host=127.0.0.1;port=3306"),
                                 connectedBy("host=socket=/run/mysqld/mysqld.sock")})
            CPPUNIT_ASSERT_MESSAGE(near.host + near.connection, !isUnprotected(near));
        for (const auto& far : {at("db.example.com"), at("10.0.0.1"), at("localhost.example.com"),
                                at("127.example.com"), connectedBy("host=127.0.0.1;host=db.example.com")})
            CPPUNIT_ASSERT_MESSAGE(far.host + far.connection, isUnprotected(far));

        auto encrypted = at("db.example.com");
        encrypted.tls = true;
        auto bySocket = at("");
        bySocket.socket = "/run/mysqld/mysqld.sock";
        auto file = connectedBy("/var/lib/agora.db");
        file.connector = Connector::Sqlite;
        for (const auto& safe : {encrypted, bySocket, file}) CPPUNIT_ASSERT(!isUnprotected(safe));
    }

    void aRunBeginsWithTheWarning() {
        carillon::testing::FakeRunContext context;

        warnIfUnprotected(at("localhost"), context);
        CPPUNIT_ASSERT(context.lines.empty());
        warnIfUnprotected(at("db.example.com"), context);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, context.lines.size());
        CPPUNIT_ASSERT(context.logged("database.unprotected host=db.example.com"));
        CPPUNIT_ASSERT(context.logged("task.database.tls.ca"));
    }

private:
    static std::string refusalOf(const DatabaseOptions& options) {
        carillon::testing::FakeRunContext context;
        try {
            AgoraSession session(options, context);
        } catch (const DatabaseFailed& e) {
            return e.message();
        }
        CPPUNIT_FAIL("it took this for a database");
        return "";
    }
    /// By a connection of Poco's with these options.
    static std::string refusalWith(const MysqlHandleOptions& handle, const DatabaseOptions& options) {
        const MysqlHandleScope scope(handle);
        try {
            Poco::Data::MySQL::Connector::registerConnector();
            const Poco::Data::Session session("MySQL",
                                              "host=" + options.host + ";port=" + std::to_string(options.port) +
                                                  ";db=agora;user=" + options.user + ";password=" + options.password,
                                              3);
        } catch (const Poco::Exception& e) {
            return e.displayText();
        }
        return "";
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(DatabaseLoginTest);
