#include "access/SignInThrottle.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "unit/AccessFixture.h"

using namespace carillon;
using namespace std::chrono_literals;

class SignInThrottleTest : public AccessFixture {
    CPPUNIT_TEST_SUITE(SignInThrottleTest);
    CPPUNIT_TEST(someFailuresAreFree);
    CPPUNIT_TEST(waitDoublesUpToItsEnd);
    CPPUNIT_TEST(triesWhileWaitingDoNotCount);
    CPPUNIT_TEST(nameWaitsWhereverItIsTriedFrom);
    CPPUNIT_TEST(addressWaitsWhoeverIsTried);
    CPPUNIT_TEST(othersDoNotWait);
    CPPUNIT_TEST(successForgetsTheName);
    CPPUNIT_TEST(successesNeverSlowAnAddress);
    CPPUNIT_TEST(oneAccountDoesNotClearAnAddress);
    CPPUNIT_TEST(failuresAreForgottenAfterAnHour);
    CPPUNIT_TEST(clockSetBackLocksNobodyOut);
    CPPUNIT_TEST(memoryIsBounded);
    CPPUNIT_TEST(strangersKeepNobodyOutWhereTheyWereBefore);
    CPPUNIT_TEST(guessersAtAKnownAddressWaitToo);
    CPPUNIT_TEST(knownAddressesAreForgottenAfterAMonth);
    CPPUNIT_TEST(triesThatWereNotLookedAtDoNotCount);
    CPPUNIT_TEST(anAddressOfIPv6IsItsSite);
    CPPUNIT_TEST_SUITE_END();

public:
    void someFailuresAreFree() {
        for (int i = 0; i < 5; ++i) CPPUNIT_ASSERT(begin() == 0ms);

        CPPUNIT_ASSERT(begin() == 1s);
    }

    void waitDoublesUpToItsEnd() {
        for (int i = 0; i < 5; ++i) begin();

        for (const auto expected : {1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 300s, 300s}) {
            CPPUNIT_ASSERT(begin() == expected);
            _clock.advance(expected - 1ms);
            CPPUNIT_ASSERT(begin() == 1ms);
            _clock.advance(1ms);
            CPPUNIT_ASSERT(begin() == 0ms);
        }
    }

    void triesWhileWaitingDoNotCount() {
        for (int i = 0; i < 100; ++i) begin();

        CPPUNIT_ASSERT(begin() == 1s);
    }

    void nameWaitsWhereverItIsTriedFrom() {
        for (int i = 0; i < 5; ++i) CPPUNIT_ASSERT(begin("alice", "10.0.0." + std::to_string(i)) == 0ms);

        CPPUNIT_ASSERT(begin("alice", "10.0.0.99") == 1s);
    }

    void addressWaitsWhoeverIsTried() {
        for (int i = 0; i < 5; ++i) CPPUNIT_ASSERT(begin("user" + std::to_string(i), "10.0.0.1") == 0ms);

        CPPUNIT_ASSERT(begin("somebody", "10.0.0.1") == 1s);
    }

    void othersDoNotWait() {
        for (int i = 0; i < 6; ++i) begin("alice", "10.0.0.1");

        CPPUNIT_ASSERT(begin("bob", "10.0.0.2") == 0ms);
    }

    void successForgetsTheName() {
        SignInThrottle::Try last;
        for (int i = 0; i < 5; ++i) last = _throttle.begin("alice", "10.0.0." + std::to_string(i));

        _throttle.succeeded(last);

        CPPUNIT_ASSERT(begin("alice", "10.0.0.9") == 0ms);
    }

    void successesNeverSlowAnAddress() {
        for (int i = 0; i < 50; ++i) {
            const std::string user = "user" + std::to_string(i);
            const auto one = _throttle.begin(user, "10.0.0.1");
            CPPUNIT_ASSERT(one.wait == 0ms);
            _throttle.succeeded(one);
        }
    }

    void oneAccountDoesNotClearAnAddress() {
        for (int i = 0; i < 4; ++i) begin("victim" + std::to_string(i), "10.0.0.1");
        succeed("mallory", "10.0.0.1");

        CPPUNIT_ASSERT(begin("victim5", "10.0.0.1") == 0ms);
        CPPUNIT_ASSERT(begin("victim6", "10.0.0.1") == 1s);
    }

    void failuresAreForgottenAfterAnHour() {
        for (int i = 0; i < 5; ++i) begin();

        _clock.advance(1h);

        for (int i = 0; i < 5; ++i) CPPUNIT_ASSERT(begin() == 0ms);
        CPPUNIT_ASSERT(begin() == 1s);
    }

    void clockSetBackLocksNobodyOut() {
        for (int i = 0; i < 5; ++i) begin();

        _clock.advance(-24h);

        CPPUNIT_ASSERT(begin() == 0ms);
        CPPUNIT_ASSERT(begin() == 2s);
    }

    void memoryIsBounded() {
        SignInThrottle small(_clock, {5, 1s, 5min, 1h, 720h, 2});
        for (int i = 0; i < 5; ++i) small.begin("alice", "10.0.0.1");
        _clock.advance(500ms);
        small.begin("bob", "10.0.0.2");
        CPPUNIT_ASSERT(small.begin("alice", "10.0.0.1").wait == 500ms);

        small.begin("carol", "10.0.0.3");  // alice was tried the longest ago

        CPPUNIT_ASSERT(small.begin("alice", "10.0.0.1").wait == 0ms);
        CPPUNIT_ASSERT(begin(std::string(1'000'000, 'x'), "10.0.0.4") == 0ms);
    }

    void strangersKeepNobodyOutWhereTheyWereBefore() {
        succeed("alice", "10.0.0.1");

        for (int i = 0; i < 50; ++i) begin("alice", "203.0.113." + std::to_string(i));
        for (int i = 0; i < 50; ++i) begin("user" + std::to_string(i), "10.0.0.1");

        CPPUNIT_ASSERT(begin("alice", "203.0.113.99") > 0ms);
        CPPUNIT_ASSERT(begin("bob", "10.0.0.1") > 0ms);
        const auto one = _throttle.begin("alice", "10.0.0.1");
        CPPUNIT_ASSERT(one.wait == 0ms && one.isKnown);
    }

    void guessersAtAKnownAddressWaitToo() {
        succeed("alice", "10.0.0.1");

        for (int i = 0; i < 5; ++i) CPPUNIT_ASSERT(begin("alice", "10.0.0.1") == 0ms);

        CPPUNIT_ASSERT(begin("alice", "10.0.0.1") == 1s);
        CPPUNIT_ASSERT(begin("alice", "10.0.0.2") == 0ms);  // nothing of it counts elsewhere
        _clock.advance(1s);
        succeed("alice", "10.0.0.1");
        CPPUNIT_ASSERT(begin("alice", "10.0.0.1") == 0ms);
    }

    void knownAddressesAreForgottenAfterAMonth() {
        succeed("alice", "10.0.0.1");
        CPPUNIT_ASSERT(_throttle.begin("alice", "10.0.0.1").isKnown);

        _clock.advance(30 * 24h);

        CPPUNIT_ASSERT(!_throttle.begin("alice", "10.0.0.1").isKnown);
    }

    void triesThatWereNotLookedAtDoNotCount() {
        for (int i = 0; i < 50; ++i) {
            const auto one = _throttle.begin("alice", "10.0.0.1");
            CPPUNIT_ASSERT(one.wait == 0ms);
            _throttle.withdrawn(one);
        }
    }

    void anAddressOfIPv6IsItsSite() {
        const auto addressOf = [](const char* text) { return throttledAddress(Poco::Net::IPAddress(text)); };

        CPPUNIT_ASSERT_EQUAL(addressOf("2001:db8:1:2::1"), addressOf("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        CPPUNIT_ASSERT(addressOf("2001:db8:1:2::1") != addressOf("2001:db8:1:3::1"));
        CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.7"), addressOf("::ffff:192.0.2.7"));
        CPPUNIT_ASSERT(addressOf("192.0.2.7") != addressOf("192.0.2.8"));
    }

private:
    std::chrono::milliseconds begin(const std::string& user = "alice", const std::string& address = "10.0.0.1") {
        return _throttle.begin(user, address).wait;
    }
    void succeed(const std::string& user, const std::string& address) {
        _throttle.succeeded(_throttle.begin(user, address));
    }

    SignInThrottle _throttle{_clock};
};
CPPUNIT_TEST_SUITE_REGISTRATION(SignInThrottleTest);
