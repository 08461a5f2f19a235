#include "GatewayAddress.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "carillon/testing/FakeRunContext.h"
#include "GatewayClient.h"
#include "support/ScriptedServer.h"
#include "support/TestSkipped.h"

using namespace passerelle;
using namespace std::chrono_literals;

/// Addresses as people type them.
class GatewayAddressTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GatewayAddressTest);
    CPPUNIT_TEST(internationalNamesAreWrittenInAscii);
    CPPUNIT_TEST(pathsArePercentEncoded);
    CPPUNIT_TEST(addressesOfVersionSixKeepTheirBrackets);
    CPPUNIT_TEST(whatCannotBeWrittenIsRefused);
    CPPUNIT_TEST(noPasswordIsShownHoweverItIsTyped);
    CPPUNIT_TEST(noAddressIsLongerThanTheDatabaseHolds);
    CPPUNIT_TEST(requestsCarryTheAsciiForm);
    CPPUNIT_TEST(aServerOfVersionSixIsReached);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { std::signal(SIGPIPE, SIG_IGN); }

    void internationalNamesAreWrittenInAscii() {
        const std::vector<std::pair<std::string, std::string>> names{
            {"passerelle-évian.fr", "xn--passerelle-vian-lnb.fr"},
            {"PASSERELLE-ÉVIAN.fr", "xn--passerelle-vian-lnb.fr"},
            {"passerelle-e\xcc\x81vian.fr", "xn--passerelle-vian-lnb.fr"},  // the accent is a character of its own
            {"straße.de", "xn--strae-oqa.de"},                              // as IDNA2008 has it
            {"bücher.example", "xn--bcher-kva.example"},
            {"日本語.jp", "xn--wgv71a119e.jp"},
            {"my_host.example", "my_host.example"},
            {"Mairie.Example", "mairie.example"},
            {"xn--bcher-kva.example", "xn--bcher-kva.example"}};
        for (const auto& [typed, ascii] : names) {
            const GatewayAddress address("https://" + typed + ":8443/p");

            CPPUNIT_ASSERT_EQUAL_MESSAGE(typed, ascii, address.host());
            CPPUNIT_ASSERT_EQUAL("https://" + ascii + ":8443/p", address.text());
        }
    }

    void pathsArePercentEncoded() {
        const std::vector<std::pair<std::string, std::string>> paths{
            {"/mon site/é", "/mon%20site/%C3%A9"},
            {"/mon%20site/%c3%a9/", "/mon%20site/%C3%A9"},
            {"/a(b)!*',;=:@$&+~-._", "/a(b)!*',;=:@$&+~-._"},
            {"/a\"<>[]^`{|}\\", "/a%22%3C%3E%5B%5D%5E%60%7B%7C%7D%5C"},
            {"/100%25", "/100%25"},
            {"/a?x=1#y", "/a"},
            {"//", ""}};
        for (const auto& [typed, encoded] : paths)
            CPPUNIT_ASSERT_EQUAL(encoded, GatewayAddress("http://h" + typed).path());
    }

    void addressesOfVersionSixKeepTheirBrackets() {
        const GatewayAddress address("http://[2001:DB8::1]:8080/x");

        CPPUNIT_ASSERT_EQUAL(std::string("2001:db8::1"), address.host());
        CPPUNIT_ASSERT_EQUAL(std::string("[2001:db8::1]:8080"), address.authority());
        CPPUNIT_ASSERT_EQUAL(std::string("http://[2001:db8::1]:8080/x"), address.text());
        CPPUNIT_ASSERT_EQUAL(std::string("https://[::1]"), GatewayAddress("https://[::1]/").text());
    }

    void whatCannotBeWrittenIsRefused() {
        const std::vector<std::pair<std::string, std::string>> addresses{
            {"http://mai rie.fr/", "a character in its host that no name has"},
            {"http://évi an.fr/", "cannot be written in ASCII"},
            {"http://\xe9vian.fr/", "cannot be written in ASCII"},
            {"http://mairie.fr/%zz", "is no URL"}};
        for (const auto& [typed, said] : addresses) {
            const std::string message = refusalOf(typed);

            CPPUNIT_ASSERT_MESSAGE(typed + ": " + message, message.find(said) != std::string::npos);
        }
    }

    void noPasswordIsShownHoweverItIsTyped() {
        for (const std::string typed :
             {"http://me:hunter2000@host/", "http:/me:hunter2000@host/", "http:///me:hunter2000@host",
              "me:hunter2000@host", "http://me:hunter/2000@host/p", "http://me:hunter#2000@host/p",
              "ftp://me:hunter2000@host", "https:// me:hunter2000@ho st/"}) {
            const std::string refusal = refusalOf(typed);

            CPPUNIT_ASSERT_MESSAGE(typed, !refusal.empty());
            for (const auto& text : {refusal, shownAddress(typed)})
                CPPUNIT_ASSERT_MESSAGE(text, text.find("hunter") == std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("https://host/~me"), shownAddress("https://host/~me"));
    }

    void noAddressIsLongerThanTheDatabaseHolds() {
        const std::string shortest = "http://h/";
        const std::string longest = std::string(255 - shortest.size(), 'a');

        CPPUNIT_ASSERT_EQUAL(std::size_t{255}, GatewayAddress(shortest + longest).text().size());
        CPPUNIT_ASSERT(refusalOf(shortest + longest + "a").find("has 256 characters, of which 255 are the most") !=
                       std::string::npos);
        // 43 letters, 258 bytes.
        std::string accents;
        while (accents.size() < 2 * 43) accents += "é";
        CPPUNIT_ASSERT(refusalOf(shortest + accents).find("has 267 characters") != std::string::npos);
    }

    void requestsCarryTheAsciiForm() {
        ScriptedServer server([](int) { return ScriptedServer::Answer{http(R"({"success":true})")}; });
        GatewayClient client(
            {"http://LOCALHOST:" + std::to_string(server.port()) + "/mon site/é", "key", Dialect::Path, 5s}, _context);

        client.health();

        const std::string request = server.requests().at(0);
        CPPUNIT_ASSERT_MESSAGE(request, request.starts_with("GET /mon%20site/%C3%A9/api.php/health HTTP/1.1\r\n"));
        CPPUNIT_ASSERT_MESSAGE(request, request.find("Host: localhost:") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL("http://localhost:" + std::to_string(server.port()) + "/mon%20site/%C3%A9",
                             client.address());
    }

    void aServerOfVersionSixIsReached() {
        try {
            Poco::Net::ServerSocket(Poco::Net::SocketAddress("::1", 0));
        } catch (const Poco::Exception&) {
            throw TestSkipped("this machine has no ::1");
        }
        ScriptedServer server([](int) { return ScriptedServer::Answer{http(R"({"success":true})")}; },
                              Poco::Net::ServerSocket(), "::1");
        GatewayClient client({server.url("http", "[::1]"), "key", Dialect::Path, 5s}, _context);

        client.health();

        CPPUNIT_ASSERT_EQUAL(server.url("http", "[::1]"), client.address());
        CPPUNIT_ASSERT(server.requests().at(0).find("Host: [::1]:" + std::to_string(server.port()) + "\r\n") !=
                       std::string::npos);
    }

private:
    static std::string refusalOf(const std::string& typed) {
        try {
            const GatewayAddress address(typed);
        } catch (const GatewayRefused& e) {
            return e.message();
        }
        return "";
    }

    carillon::testing::FakeRunContext _context{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(GatewayAddressTest);
