#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "support/Browser.h"
#include "support/HttpFixture.h"

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

/// Signing in while others guess, flood and plant.
class ServeSignInTest : public HttpFixture {
    CPPUNIT_TEST_SUITE(ServeSignInTest);
    CPPUNIT_TEST(aCrowdIsSentAwayAndTheOperatorGetsIn);
    CPPUNIT_TEST(whoHasGoneIsNotHashedFor);
    CPPUNIT_TEST(strangersLockNobodyOutOfAnAddressThatSignedIn);
    CPPUNIT_TEST(oneSiteOfIPv6IsOneAddress);
    CPPUNIT_TEST(wrongTokensKeepNobodyFromSigningIn);
    CPPUNIT_TEST(aNewSignInEndsTheOldSession);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _host = std::make_unique<ServedHost>("http.address = 127.0.0.1:0\nhttp.proxy.trusted = 127.0.0.1\n");
        _host->addJob("job", "succeed");
        const auto made = _host->carillon({"passwd", "alice", "--role", "operator"}).input(kPassword + "\n").run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(made.err, 0, made.exitCode);
        start();
    }

    void aCrowdIsSentAwayAndTheOperatorGetsIn() {
        constexpr int kCrowd = 480;
        expect("303", signIn(kHome));
        std::vector<Poco::Net::StreamSocket> crowd;
        for (int i = 0; i < kCrowd; ++i) {
            crowd.push_back(connect());
            const auto request = requestFor(strangerAt(i), "user" + std::to_string(i), "a wrong password");
            crowd.back().sendBytes(request.data(), static_cast<int>(request.size()));
        }

        const auto begin = Steady::now();
        expect("303", signIn(kHome));
        const auto took = Steady::now() - begin;
        int sentAway = 0;
        for (auto& socket : crowd) {
            const auto answer = exchange(socket, "");
            CPPUNIT_ASSERT_MESSAGE(answer, answer.starts_with("HTTP/1.1 503") || answer.starts_with("HTTP/1.1 401"));
            if (!answer.starts_with("HTTP/1.1 503")) continue;
            CPPUNIT_ASSERT_MESSAGE(answer, answer.find("\r\nRetry-After: 5\r\n") != std::string::npos);
            ++sentAway;
        }

        // Hashing for all of them takes minutes.
        CPPUNIT_ASSERT_MESSAGE(std::to_string(took / 1ms), took < 15s);
        CPPUNIT_ASSERT_MESSAGE(std::to_string(sentAway), sentAway > kCrowd / 2);
    }

    void whoHasGoneIsNotHashedFor() {
        // One is hashed for, and eight wait behind it and then leave.
        constexpr int kMost = 9;
        for (int round = 0; round < 10; ++round) {
            std::vector<Poco::Net::StreamSocket> gone;
            for (int i = 0; i < kMost; ++i) {
                gone.push_back(connect());
                const auto request = requestFor(strangerAt(round * kMost + i), "user", "a wrong password");
                gone.back().sendBytes(request.data(), static_cast<int>(request.size()));
            }
        }

        const auto begin = Steady::now();
        CPPUNIT_ASSERT(waitUntil([this] { return signIn(strangerAt(1'000)).starts_with("HTTP/1.1 303"); }, 20s));

        // Nor did they count: five failures of a name make it wait.
        CPPUNIT_ASSERT_MESSAGE(std::to_string((Steady::now() - begin) / 1ms), Steady::now() - begin < 20s);
        const auto answer = signIn(strangerAt(1'001), "user", "a wrong password");
        CPPUNIT_ASSERT_MESSAGE(answer, !answer.starts_with("HTTP/1.1 429"));
    }

    void strangersLockNobodyOutOfAnAddressThatSignedIn() {
        expect("303", signIn(kHome));
        int tries = 0;
        const auto isStopped = [](const std::string& answer) { return answer.starts_with("HTTP/1.1 429"); };
        const auto guessesName = [&] { return signIn(strangerAt(++tries), "alice", "a wrong password"); };
        const auto guessesThere = [&] { return signIn(kHome, "user" + std::to_string(++tries), "a wrong password"); };

        // By that name from elsewhere, and by other names from there, until both have to wait.
        CPPUNIT_ASSERT(waitUntil([&] { return isStopped(guessesName()); }));
        expect("303", signIn(kHome));
        CPPUNIT_ASSERT(waitUntil([&] { return isStopped(guessesThere()); }));
        expect("303", signIn(kHome));
    }

    void oneSiteOfIPv6IsOneAddress() {
        for (int i = 1; i <= 5; ++i)
            expect("401", signIn("2001:db8:0:7::" + std::to_string(i), "user" + std::to_string(i), "a wrong password"));

        expect("429", signIn("2001:db8:0:7:ffff::9"));
        expect("303", signIn("2001:db8:0:8::9"));
    }

    void wrongTokensKeepNobodyFromSigningIn() {
        const std::string from = "X-Forwarded-For: 203.0.113.9\r\n";
        std::string last;
        for (int i = 0; i < 20; ++i) last = get("/api/v1/jobs", from + "Authorization: Bearer carillon_wrong\r\n");
        expect("429", last);

        expect("303", signIn("203.0.113.9"));
    }

    void aNewSignInEndsTheOldSession() {
        const auto first = cookieOf(signIn(kHome));
        expect("200", get("/api/v1/session", first));

        const auto second = cookieOf(signIn(kHome, "alice", kPassword, first));

        CPPUNIT_ASSERT(first != second);
        expect("401", get("/api/v1/session", first));
        expect("200", get("/api/v1/session", second));
        // One that somebody else made up begins nothing.
        const std::string planted = "Cookie: carillon_session=" + std::string(43, 'A') + "\r\n";
        CPPUNIT_ASSERT(cookieOf(signIn(kHome, "alice", kPassword, planted)) != planted);
        expect("401", get("/api/v1/session", planted));
    }

private:
    inline static const std::string kPassword = "correct horse + battery";
    inline static const std::string kHome = "192.0.2.1";

    static std::string strangerAt(int number) {
        return "10.0." + std::to_string(number / 250) + '.' + std::to_string(number % 250 + 1);
    }
    static std::string requestFor(const std::string& address, const std::string& user, const std::string& password,
                                  const std::string& headers = {}) {
        return requestOf("POST", "/sign-in",
                         "X-Forwarded-For: " + address +
                             "\r\nSec-Fetch-Site: same-origin\r\n"
                             "Content-Type: application/x-www-form-urlencoded\r\n" +
                             headers,
                         "user=" + user + "&password=" + formValue(password));
    }
    std::string signIn(const std::string& address, const std::string& user = "alice",
                       const std::string& password = kPassword, const std::string& headers = {}) const {
        return send(requestFor(address, user, password, headers));
    }
    /// As the header that sends it back.
    static std::string cookieOf(const std::string& answer) {
        expect("303", answer);
        const auto at = answer.find("Set-Cookie: ") + 12;
        return "Cookie: " + answer.substr(at, answer.find(';', at) - at) + "\r\n";
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeSignInTest);
