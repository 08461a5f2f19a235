#include "web/SignInThrottle.h"

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
        for (int i = 0; i < 5; ++i) begin("alice", "10.0.0." + std::to_string(i));

        _throttle.succeeded("alice", "10.0.0.4");

        CPPUNIT_ASSERT(begin("alice", "10.0.0.9") == 0ms);
    }

    void successesNeverSlowAnAddress() {
        for (int i = 0; i < 50; ++i) {
            const std::string user = "user" + std::to_string(i);
            CPPUNIT_ASSERT(begin(user, "10.0.0.1") == 0ms);
            _throttle.succeeded(user, "10.0.0.1");
        }
    }

    void oneAccountDoesNotClearAnAddress() {
        for (int i = 0; i < 4; ++i) begin("victim" + std::to_string(i), "10.0.0.1");
        begin("mallory", "10.0.0.1");
        _throttle.succeeded("mallory", "10.0.0.1");

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
        SignInThrottle small(_clock, {5, 1s, 5min, 1h, 2});
        for (int i = 0; i < 5; ++i) small.begin("alice", "10.0.0.1");
        _clock.advance(500ms);
        small.begin("bob", "10.0.0.2");
        CPPUNIT_ASSERT(small.begin("alice", "10.0.0.1") == 500ms);

        small.begin("carol", "10.0.0.3");  // alice was tried the longest ago

        CPPUNIT_ASSERT(small.begin("alice", "10.0.0.1") == 0ms);
        CPPUNIT_ASSERT(_throttle.begin(std::string(1'000'000, 'x'), "10.0.0.4") == 0ms);
    }

private:
    std::chrono::milliseconds begin(const std::string& user = "alice", const std::string& address = "10.0.0.1") {
        return _throttle.begin(user, address);
    }

    SignInThrottle _throttle{_clock};
};
CPPUNIT_TEST_SUITE_REGISTRATION(SignInThrottleTest);
