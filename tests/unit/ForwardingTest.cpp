#include "http/HttpServer.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <utility>
#include <vector>

using namespace carillon;

/// Whose request it is behind proxies, by networks in text.
class ForwardingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ForwardingTest);
    CPPUNIT_TEST(networksAreRead);
    CPPUNIT_TEST(networksHoldTheirAddresses);
    CPPUNIT_TEST(addressesOfHeadersAreRead);
    CPPUNIT_TEST(strangersAreBelievedNothing);
    CPPUNIT_TEST(everyHeaderOfAProxyShowsIt);
    CPPUNIT_TEST(theClientIsTheFirstFromTheRightThatIsNotTrusted);
    CPPUNIT_TEST(whatIsNoAddressEndsTheChain);
    CPPUNIT_TEST(theSchemeIsWhatATrustedProxySays);
    CPPUNIT_TEST_SUITE_END();

public:
    void networksAreRead() {
        for (const char* text : {"192.0.2.7", "10.0.0.0/8", "0.0.0.0/0", "::1", "fd00::/8", "2001:db8::1/128"})
            CPPUNIT_ASSERT_MESSAGE(text, Network::parse(text));
        for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "proxy.example",
                                 "10.0.0.0/8x", "10.0.0.0/255.0.0.0", "[::1]"})
            CPPUNIT_ASSERT_MESSAGE(text, !Network::parse(text));
        CPPUNIT_ASSERT_EQUAL(std::string("10.32.0.0/11"), Network::parse("10.63.1.2/11")->toString());
    }

    void networksHoldTheirAddresses() {
        const auto holds = [](const char* network, const char* address) {
            return Network::parse(network)->contains(plainAddress(Poco::Net::IPAddress(address)));
        };
        CPPUNIT_ASSERT(holds("10.0.0.0/8", "10.255.255.255"));
        CPPUNIT_ASSERT(!holds("10.0.0.0/8", "11.0.0.0"));
        CPPUNIT_ASSERT(holds("10.32.0.0/11", "10.63.255.255") && !holds("10.32.0.0/11", "10.64.0.0"));
        CPPUNIT_ASSERT(holds("192.0.2.7", "192.0.2.7") && !holds("192.0.2.7", "192.0.2.6"));
        CPPUNIT_ASSERT(holds("192.0.2.7", "::ffff:192.0.2.7"));
        CPPUNIT_ASSERT(holds("2001:db8::/33", "2001:db8:7fff::1") && !holds("2001:db8::/33", "2001:db8:8000::1"));
        CPPUNIT_ASSERT(holds("0.0.0.0/0", "203.0.113.9") && !holds("0.0.0.0/0", "::1"));
    }

    void addressesOfHeadersAreRead() {
        for (const char* text : {"192.0.2.7", "192.0.2.7:4711", "::ffff:192.0.2.7", "[::ffff:192.0.2.7]:4711"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("192.0.2.7"), parseAddress(text)->toString());
        for (const char* text : {"2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:4711"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(text, std::string("2001:db8::1"), parseAddress(text)->toString());
        for (const char* text : {"", "unknown", "_hidden", "[", "1.2.3.4.5", "192.0.2.7:4711:1"})
            CPPUNIT_ASSERT_MESSAGE(text, !parseAddress(text));
    }

    void strangersAreBelievedNothing() {
        for (const char* peer : {"127.0.0.1", "203.0.113.9"}) {
            const auto request =
                settled(peer, {{"X-Forwarded-For", "10.9.9.9"}, {"X-Forwarded-Proto", "https"}}, {"192.0.2.0/24"});

            CPPUNIT_ASSERT_EQUAL(std::string(peer), request.peer.toString());
            CPPUNIT_ASSERT(request.isForwarded && !request.secure);
        }
        CPPUNIT_ASSERT(!settled("127.0.0.1", {{"Host", "localhost"}}, {}).isForwarded);
    }

    void everyHeaderOfAProxyShowsIt() {
        for (const char* name : {"X-Forwarded-For", "x-forwarded-host", "X-FORWARDED-PROTO", "X-Forwarded-Anything",
                                 "Forwarded", "Via", "X-Real-IP", "CF-Connecting-IP", "X-Cluster-Client-IP"})
            CPPUNIT_ASSERT_MESSAGE(name, settled("127.0.0.1", {{name, ""}}, {}).isForwarded);
        // One that adds nothing speaks HTTP/1.0, or is known by its address.
        HttpRequest plain;
        plain.peer = Poco::Net::IPAddress("127.0.0.1");
        plain.isHttp11 = false;
        Forwarding({}).settle(plain);
        CPPUNIT_ASSERT(plain.isForwarded);
        CPPUNIT_ASSERT(settled("127.0.0.1", {}, {"127.0.0.1"}).isForwarded);
    }

    void theClientIsTheFirstFromTheRightThatIsNotTrusted() {
        const std::vector<std::string> trusted{"127.0.0.1", "10.0.0.0/8"};
        const auto clientOf = [&](const Headers& headers) {
            return settled("127.0.0.1", headers, trusted).peer.toString();
        };
        CPPUNIT_ASSERT_EQUAL(std::string("203.0.113.9"), clientOf({{"X-Forwarded-For", "203.0.113.9"}}));
        // The left ones are what the client says of itself.
        CPPUNIT_ASSERT_EQUAL(std::string("203.0.113.9"),
                             clientOf({{"X-Forwarded-For", "127.0.0.1, 203.0.113.9, 10.1.1.1"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("203.0.113.9"), clientOf({{"X-Forwarded-For", "8.8.8.8"},
                                                                   {"X-Forwarded-For", "203.0.113.9:4711"},
                                                                   {"x-forwarded-for", "10.1.1.1"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("10.2.2.2"), clientOf({{"X-Forwarded-For", "10.2.2.2,10.1.1.1"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"), clientOf({}));
        CPPUNIT_ASSERT_EQUAL(
            std::string("203.0.113.9"),
            settled("::ffff:127.0.0.1", {{"X-Forwarded-For", "203.0.113.9"}}, trusted).peer.toString());
    }

    void whatIsNoAddressEndsTheChain() {
        const auto request =
            settled("127.0.0.1", {{"X-Forwarded-For", "203.0.113.9, unknown, 10.1.1.1"}}, {"127.0.0.1", "10.0.0.0/8"});

        CPPUNIT_ASSERT_EQUAL(std::string("10.1.1.1"), request.peer.toString());
    }

    void theSchemeIsWhatATrustedProxySays() {
        const auto isSecure = [](const Headers& headers) {
            return settled("127.0.0.1", headers, {"127.0.0.1"}).secure;
        };
        CPPUNIT_ASSERT(isSecure({{"X-Forwarded-Proto", "https"}}));
        CPPUNIT_ASSERT(isSecure({{"X-Forwarded-Proto", "http, HTTPS"}}));
        CPPUNIT_ASSERT(!isSecure({{"X-Forwarded-Proto", "https, http"}}));
        CPPUNIT_ASSERT(!isSecure({}));
    }

private:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    static HttpRequest settled(const std::string& peer, const Headers& headers,
                               const std::vector<std::string>& trusted) {
        HttpRequest request;
        request.peer = Poco::Net::IPAddress(peer);
        for (const auto& [name, value] : headers) request.headers.add(name, value);
        std::vector<Network> networks;
        for (const auto& text : trusted) networks.push_back(*Network::parse(text));
        Forwarding(std::move(networks)).settle(request);
        return request;
    }
};
CPPUNIT_TEST_SUITE_REGISTRATION(ForwardingTest);
