#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "carillon/testing/FakeRunContext.h"
#include "GatewayClient.h"
#include "Poco/Net/Context.h"
#include "Poco/Net/SecureServerSocket.h"
#include "Poco/TemporaryFile.h"
#include "support/Certificate.h"
#include "support/Environment.h"
#include "support/ScriptedServer.h"
#include "support/TunnelProxy.h"

using namespace passerelle;
using namespace std::chrono_literals;

namespace {

const std::string kUrl = "http://gateway.outside.test/p";
const std::string kHealth = http(R"({"success":true})");

}  // namespace

/// The gateway as a machine reaches it that has the Internet by a proxy only.
class GatewayProxyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GatewayProxyTest);
    CPPUNIT_TEST(theEnvironmentsProxyIsAskedForTheWholeAddress);
    CPPUNIT_TEST(theJobsProxyWinsAndItsPasswordIsConcealed);
    CPPUNIT_TEST(noneSwitchesTheEnvironmentOff);
    CPPUNIT_TEST(exemptHostsAreAskedStraight);
    CPPUNIT_TEST(httpsGoesThroughATunnel);
    CPPUNIT_TEST(aProxyThatRefusesIsNamed);
    CPPUNIT_TEST(aProxyThatIsNotThereIsNamed);
    CPPUNIT_TEST(aVariableThatCannotBeUsedIsNamed);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { std::signal(SIGPIPE, SIG_IGN); }

    void theEnvironmentsProxyIsAskedForTheWholeAddress() {
        ScriptedServer proxy([](int) { return ScriptedServer::Answer{kHealth}; });
        Environment environment;
        environment.set("http_proxy", addressOf(proxy)).set("https_proxy", "http://127.0.0.1:1");
        GatewayClient client(optionsOf(kUrl), _context);

        client.health();
        client.health();

        CPPUNIT_ASSERT_EQUAL(1, proxy.connections());
        for (const auto& request : proxy.requests()) {
            requirePart(request, "GET http://gateway.outside.test/p/api.php/health HTTP/1.1\r\n");
            requirePart(request, "\r\nHost: gateway.outside.test\r\n");
            requirePart(request, "\r\nAuthorization: Bearer key\r\n");
            CPPUNIT_ASSERT(request.find("Proxy-Authorization") == std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(addressOf(proxy).substr(7) + " of http_proxy", client.proxyName());
    }

    void theJobsProxyWinsAndItsPasswordIsConcealed() {
        ScriptedServer proxy([](int) { return ScriptedServer::Answer{http("no", "", "502 Bad Gateway")}; });
        Environment environment;
        environment.set("http_proxy", "http://127.0.0.1:1").set("no_proxy", "*");
        GatewayOptions options = optionsOf(kUrl);
        options.proxy.proxy =
            carillon::parseProxy("http://agora:hush%40@" + addressOf(proxy).substr(7), "task.gateway.proxy");
        GatewayClient client(options, _context);

        const std::string message = messageOf(client);

        requirePart(proxy.requests().at(0), "Proxy-Authorization: Basic YWdvcmE6aHVzaEA=\r\n");
        CPPUNIT_ASSERT(std::vector<std::string>{"hush@"} == _context.concealed);
        requirePart(message, "answers 502 to health through the proxy " + addressOf(proxy).substr(7) +
                                 " of task.gateway.proxy: no");
        CPPUNIT_ASSERT(message.find("hush") == std::string::npos);
    }

    void noneSwitchesTheEnvironmentOff() {
        ScriptedServer server([](int) { return ScriptedServer::Answer{kHealth}; });
        Environment environment;
        environment.set("http_proxy", "http://127.0.0.1:1");
        GatewayOptions options = optionsOf(server.url());
        options.proxy.isDirect = true;
        GatewayClient client(options, _context);

        client.health();

        CPPUNIT_ASSERT_EQUAL(std::string(), client.proxyName());
    }

    void exemptHostsAreAskedStraight() {
        ScriptedServer server([](int) { return ScriptedServer::Answer{kHealth}; });
        Environment environment;
        environment.set("http_proxy", "http://127.0.0.1:1").set("no_proxy", ".mairie.example, 127.0.0.0/8");
        GatewayClient client(optionsOf(server.url()), _context);

        client.health();

        requirePart(server.requests().at(0), "GET /p/api.php/health HTTP/1.1\r\n");
    }

    void httpsGoesThroughATunnel() {
        Poco::TemporaryFile folder;
        folder.createDirectories();
        const Certificate made = makeCertificate(folder.path());
        Poco::Net::Context::Ptr tls = new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, made.key, made.file,
                                                             "", Poco::Net::Context::VERIFY_NONE);
        ScriptedServer server([](int) { return ScriptedServer::Answer{kHealth}; }, Poco::Net::SecureServerSocket(tls));
        TunnelProxy proxy(server.port());
        Environment environment;
        environment.set("HTTPS_PROXY", "http://agora:hush@" + proxy.authority());
        GatewayOptions options = optionsOf("https://localhost:4711/p");
        options.tls.ca = made.file;
        {
            GatewayClient client(options, _context);
            client.health();
            client.health();
        }

        const auto tunnels = proxy.requests();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, tunnels.size());
        requirePart(tunnels.at(0), "CONNECT localhost:4711 HTTP/1.1\r\nHost: localhost:4711\r\n");
        requirePart(tunnels.at(0), "Proxy-Authorization: Basic YWdvcmE6aHVzaA==\r\n");
        CPPUNIT_ASSERT(tunnels.at(0).find("Bearer") == std::string::npos);
        for (const auto& request : server.requests()) {
            requirePart(request, "GET /p/api.php/health HTTP/1.1\r\nHost: localhost:4711\r\n");
            CPPUNIT_ASSERT(request.find("Proxy-Authorization") == std::string::npos);
        }
    }

    void aProxyThatRefusesIsNamed() {
        ScriptedServer proxy([](int number) {
            return ScriptedServer::Answer{
                http("", "", number % 2 == 1 ? "407 Proxy Authentication Required" : "403 Forbidden"),
                ScriptedServer::Then::Close};
        });
        const std::string name = "the proxy " + addressOf(proxy).substr(7) + " of all_proxy";
        Environment environment;
        environment.set("all_proxy", addressOf(proxy));
        GatewayClient plain(optionsOf(kUrl), _context);
        GatewayClient encrypted(optionsOf("https://gateway.outside.test/p"), _context);

        const std::string password = messageOf(plain);
        messageOf(plain);
        const std::string tunnelPassword = messageOf(encrypted);
        const std::string forbidden = messageOf(encrypted);

        requirePart(password, "answers 407 to health through " + name);
        for (const auto& message : {password, tunnelPassword}) requirePart(message, "http://USER:PASSWORD@HOST:PORT");
        requirePart(tunnelPassword, "cannot be reached (health): " + name +
                                        " answered, but with 407 to CONNECT gateway.outside.test:443");
        requirePart(forbidden, name + " answered, but with 403 to CONNECT");
    }

    void aProxyThatIsNotThereIsNamed() {
        Environment environment;
        environment.set("http_proxy", "http://127.0.0.1:1").set("https_proxy", "http://127.0.0.1:1");
        for (const std::string scheme : {"http", "https"}) {
            GatewayClient client(optionsOf(scheme + "://gateway.outside.test/p"), _context);

            CPPUNIT_ASSERT_EQUAL("the gateway " + scheme +
                                     "://gateway.outside.test/p cannot be reached (health): the "
                                     "proxy 127.0.0.1:1 of " +
                                     scheme + "_proxy cannot be reached: Connection refused",
                                 messageOf(client));
        }
    }

    void aVariableThatCannotBeUsedIsNamed() {
        Environment environment;
        environment.set("all_proxy", "socks5://agora:hush@px:1080");
        std::string message;
        try {
            const GatewayClient client(optionsOf(kUrl), _context);
        } catch (const GatewayRefused& e) {
            message = e.message();
        }

        requirePart(message,
                    "the environment's all_proxy names a proxy of the kind socks5://, expected http://HOST:PORT");
        requirePart(message, "task.gateway.proxy");
        CPPUNIT_ASSERT(message.find("hush") == std::string::npos);
    }

private:
    static std::string addressOf(const ScriptedServer& server) {
        return "http://127.0.0.1:" + std::to_string(server.port());
    }
    static GatewayOptions optionsOf(const std::string& url) { return {url, "key", Dialect::Path, 5s}; }
    static std::string messageOf(GatewayClient& client) {
        try {
            client.health();
        } catch (const Poco::Exception& e) {
            return e.message();
        }
        return "";
    }
    static void requirePart(const std::string& text, const std::string& part) {
        CPPUNIT_ASSERT_MESSAGE("'" + part + "' is not in: " + text, text.find(part) != std::string::npos);
    }

    carillon::testing::FakeRunContext _context{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(GatewayProxyTest);
