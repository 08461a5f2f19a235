#include "shared/ProxyEnvironment.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <utility>
#include <vector>

#include "support/Environment.h"

using namespace carillon;

/// Proxies as the configuration and the environment name them.
class ProxyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProxyTest);
    CPPUNIT_TEST(addressesAreReadAsCurlReadsThem);
    CPPUNIT_TEST(whatIsNoAddressIsRefusedWithoutItsPassword);
    CPPUNIT_TEST(exemptHostsAreRecognised);
    CPPUNIT_TEST(otherHostsAreNotExempt);
    CPPUNIT_TEST(eachSchemeHasItsVariable);
    CPPUNIT_TEST(exemptionsWinOverVariables);
    CPPUNIT_TEST_SUITE_END();

public:
    void addressesAreReadAsCurlReadsThem() {
        struct Case {
            std::string text;
            std::string name;
            std::string user;
            std::string password;
        };
        const std::vector<Case> cases{{"http://px.example:3128", "px.example:3128", "", ""},
                                      {" http://px.example:80/ ", "px.example:80", "", ""},
                                      {"px.example:8080", "px.example:8080", "", ""},
                                      {"HTTP://px.example", "px.example:1080", "", ""},
                                      {"http://[::1]:3128/x?y", "[::1]:3128", "", ""},
                                      {"[fd00::1]", "[fd00::1]:1080", "", ""},
                                      {"http://u:p@px:1", "px:1", "u", "p"},
                                      {"u@px:1", "px:1", "u", ""},
                                      {"http://u%40x:p%3A%2f@px:1", "px:1", "u@x", "p:/"},
                                      {"http://u:p@w:/@px:1", "px:1", "u", "p@w:/"}};
        for (const auto& c : cases) {
            const Proxy proxy = parseProxy(c.text, "the_origin");

            CPPUNIT_ASSERT_EQUAL(c.name + " of the_origin", proxy.name());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(c.text, c.user, proxy.user);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(c.text, c.password, proxy.password);
        }
    }

    void whatIsNoAddressIsRefusedWithoutItsPassword() {
        const std::vector<std::pair<std::string, std::string>> cases{{"", "names no host"},
                                                                     {"http://", "names no host"},
                                                                     {"http://u:hush@", "names no host"},
                                                                     {"http://p x:1", "names no host"},
                                                                     {"https://u:hush@px:1", "of the kind https://"},
                                                                     {"socks5h://px:1", "of the kind socks5h://"},
                                                                     {"http://px:0", "no port from 1 to 65535"},
                                                                     {"http://px:65536", "no port from 1 to 65535"},
                                                                     {"http://u:hush@px:x", "no port from 1 to 65535"},
                                                                     {"http://u:hush%zz@px:1", "hexadecimal digits"}};
        for (const auto& [text, said] : cases) {
            const std::string message = refusalOf(text);

            CPPUNIT_ASSERT_MESSAGE(text + ": " + message, message.find(said) != std::string::npos);
            CPPUNIT_ASSERT(message.find("expected http://HOST:PORT") != std::string::npos);
            CPPUNIT_ASSERT(message.find("hush") == std::string::npos);
        }
    }

    void exemptHostsAreRecognised() {
        const std::vector<std::pair<std::string, std::string>> cases{{"*", "any.example"},
                                                                     {"mairie.example", "mairie.example"},
                                                                     {"mairie.example", "www.mairie.example"},
                                                                     {".mairie.example", "www.mairie.example"},
                                                                     {".mairie.example", "mairie.example"},
                                                                     {"*.mairie.example", "www.mairie.example"},
                                                                     {"Mairie.Example.", "WWW.mairie.example."},
                                                                     {"a.example,b.example", "b.example"},
                                                                     {"a.example  ,\tb.example,", "b.example"},
                                                                     {"b.example:8080", "b.example"},
                                                                     {"10.1.2.3", "10.1.2.3"},
                                                                     {"10.1.2.3:8080", "10.1.2.3"},
                                                                     {"10.0.0.0/8", "10.1.2.3"},
                                                                     {"10.1.2.0/23", "10.1.3.255"},
                                                                     {"0.0.0.0/0", "10.1.2.3"},
                                                                     {"10.1.2.3/32", "10.1.2.3"},
                                                                     {"::1", "::1"},
                                                                     {"[::1]", "0:0:0:0:0:0:0:1"},
                                                                     {"[::1]:8080", "::1"},
                                                                     {"fd00::/8", "fdab::7"},
                                                                     {"2001:db8::/33", "2001:db8:7fff::1"}};
        for (const auto& [list, host] : cases)
            CPPUNIT_ASSERT_MESSAGE(list + " " + host, isExemptFromProxy(list, host, 8'080));
    }

    void otherHostsAreNotExempt() {
        const std::vector<std::pair<std::string, std::string>> cases{{"", "any.example"},
                                                                     {" , ", "any.example"},
                                                                     {".", "any.example"},
                                                                     {"mairie.example", "lamairie.example"},
                                                                     {"www.mairie.example", "mairie.example"},
                                                                     {"b.example:80", "b.example"},
                                                                     {"10.1.2.3:80", "10.1.2.3"},
                                                                     {"[::1]:80", "::1"},
                                                                     {"10.0.0.0/8", "11.1.2.3"},
                                                                     {"10.1.2.0/23", "10.1.4.0"},
                                                                     {"10.0.0.0/33", "10.0.0.0"},
                                                                     {"10.0.0.0/x", "10.0.0.0"},
                                                                     {"10", "10.0.0.10"},
                                                                     {"0.10", "10.0.0.10"},
                                                                     {"fd00::/8", "fe80::1"},
                                                                     {"2001:db8::/33", "2001:db8:8000::1"},
                                                                     {"0.0.0.0/0", "::1"},
                                                                     {"10.0.0.0/8", "ten.example"}};
        for (const auto& [list, host] : cases)
            CPPUNIT_ASSERT_MESSAGE(list + " " + host, !isExemptFromProxy(list, host, 8'080));
    }

    void eachSchemeHasItsVariable() {
        Environment environment;
        CPPUNIT_ASSERT_EQUAL(std::string(), proxyOf("http") + proxyOf("https"));
        environment.set("HTTP_PROXY", "px:1").set("http_proxy", "");
        CPPUNIT_ASSERT_EQUAL(std::string(), proxyOf("http"));  // a visitor's header, for a CGI program
        environment.set("ALL_PROXY", "px:2");
        CPPUNIT_ASSERT_EQUAL(std::string("px:2 of ALL_PROXY"), proxyOf("http"));
        environment.set("all_proxy", "px:3");
        CPPUNIT_ASSERT_EQUAL(std::string("px:3 of all_proxy"), proxyOf("https"));
        environment.set("HTTPS_PROXY", "px:4").set("http_proxy", "px:5");
        CPPUNIT_ASSERT_EQUAL(std::string("px:4 of HTTPS_PROXY"), proxyOf("https"));
        CPPUNIT_ASSERT_EQUAL(std::string("px:5 of http_proxy"), proxyOf("http"));
        environment.set("https_proxy", "px:6");
        CPPUNIT_ASSERT_EQUAL(std::string("px:6 of https_proxy"), proxyOf("https"));
    }

    void exemptionsWinOverVariables() {
        Environment environment;
        environment.set("http_proxy", "px:1").set("NO_PROXY", "example");
        CPPUNIT_ASSERT_EQUAL(std::string(), proxyOf("http"));
        environment.set("no_proxy", "other.example");
        CPPUNIT_ASSERT_EQUAL(std::string("px:1 of http_proxy"), proxyOf("http"));
    }

private:
    static std::string refusalOf(const std::string& text) {
        try {
            parseProxy(text, "");
        } catch (const Poco::SyntaxException& e) {
            return e.message();
        }
        return "";
    }
    static std::string proxyOf(const std::string& scheme) {
        const auto proxy = proxyOfEnvironment(scheme, "mairie.example", 80);
        return proxy ? proxy->name() : "";
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProxyTest);
