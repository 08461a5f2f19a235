#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>

#include "support/Browser.h"
#include "support/HttpFixture.h"

/// A host behind a reverse proxy on the same machine, which is not the machine itself.
class ServeProxyTest : public HttpFixture {
    CPPUNIT_TEST_SUITE(ServeProxyTest);
    CPPUNIT_TEST(whatComesThroughAProxyIsNotOfThisMachine);
    CPPUNIT_TEST(aHostWithNamesOfItsOwnIsReadByUsersOnly);
    CPPUNIT_TEST(aTrustedProxyIsNotThisMachineWhateverItSends);
    CPPUNIT_TEST(anotherNameOfTheMachineReadsNothing);
    CPPUNIT_TEST(cookiesAreForTlsWhenTheProxyHasIt);
    CPPUNIT_TEST(pagesWithoutTlsAreOfAnotherSite);
    CPPUNIT_TEST(aProxyThatIsNotTrustedIsNotBelieved);
    CPPUNIT_TEST(clientsBehindATrustedProxyCountApart);
    CPPUNIT_TEST(aNetworkThatIsNoneIsAFault);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatComesThroughAProxyIsNotOfThisMachine() {
        start();

        expect("200", get("/api/v1/jobs"));
        for (const char* header :
             {"X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: https",
              "X-Forwarded-Host: localhost", "Forwarded: for=127.0.0.1", "X-Real-IP: 127.0.0.1", "Via: 1.1 proxy"}) {
            const std::string line = header + std::string("\r\n");
            for (const char* path :
                 {"/", "/log", "/metrics", "/api/v1/jobs", "/jobs/job", "/live/log", "/live/jobs/job"})
                expect("403", get(path, line));
            const auto refused = get("/api/v1/status", line);
            CPPUNIT_ASSERT_MESSAGE(refused, refused.find("not through a proxy") != std::string::npos);
            expect("200", get("/healthz", line));
            expect("200", get("/readyz", line));
        }
    }

    void aHostWithNamesOfItsOwnIsReadByUsersOnly() {
        serveWith("http.names = carillon.example.com\n");

        expect("403", get("/api/v1/jobs"));
        expect("403", send("GET /api/v1/jobs HTTP/1.1\r\nHost: carillon.example.com\r\nConnection: close\r\n\r\n"));
        expect("200", get("/healthz"));
    }

    void aTrustedProxyIsNotThisMachineWhateverItSends() {
        serveWith("http.proxy.trusted = 127.0.0.1\n");

        expect("403", get("/api/v1/jobs"));
        expect("403", get("/api/v1/jobs", "X-Forwarded-For: 127.0.0.1\r\n"));
    }

    // A page elsewhere may have its own name lead to this machine: its requests come from here.
    void anotherNameOfTheMachineReadsNothing() {
        serveWith("", "0.0.0.0");
        _address = "127.0.0.1" + _address.substr(_address.rfind(':'));

        expect("200", get("/api/v1/jobs"));
        expect("403", send("GET /api/v1/jobs HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"));
    }

    void cookiesAreForTlsWhenTheProxyHasIt() {
        serveWith("http.proxy.trusted = 127.0.0.0/8, ::1\nhttp.names = carillon.example.com\n");
        addUser();

        const auto secure = signIn("X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n");
        expect("303", secure);
        CPPUNIT_ASSERT_MESSAGE(secure, secure.find("; SameSite=Strict; Secure") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(secure,
                               secure.find("\r\nStrict-Transport-Security: max-age=31536000\r\n") != std::string::npos);
        const auto plain = signIn("X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: http\r\n");
        expect("303", plain);
        CPPUNIT_ASSERT_MESSAGE(plain, plain.find("Secure") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(plain, plain.find("Strict-Transport-Security") == std::string::npos);
    }

    void pagesWithoutTlsAreOfAnotherSite() {
        serveWith("http.proxy.trusted = 127.0.0.1\nhttp.names = carillon.example.com\n");
        addUser();
        const std::string tls = "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n";

        expect("303", signIn(tls + "Origin: https://carillon.example.com\r\n"));
        expect("403", signIn(tls + "Origin: http://carillon.example.com\r\n"));
        expect("303", signIn("Origin: http://carillon.example.com\r\n"));
    }

    void aProxyThatIsNotTrustedIsNotBelieved() {
        serveWith("http.proxy.trusted = 192.0.2.0/24\nhttp.names = carillon.example.com\n");
        addUser();

        const auto answer = signIn("X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n");

        expect("303", answer);
        CPPUNIT_ASSERT_MESSAGE(answer, answer.find("Secure") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(answer, answer.find("Strict-Transport-Security") == std::string::npos);
    }

    void clientsBehindATrustedProxyCountApart() {
        serveWith("http.proxy.trusted = 127.0.0.1\nhttp.names = carillon.example.com\n");
        addUser();
        constexpr int kFree = 5;  // tries of a client before it has to wait

        CPPUNIT_ASSERT(guessesUntilItHasToWait("X-Forwarded-For: 127.0.0.1, 203.0.113.9\r\n") >= kFree);
        expect("303", signIn("X-Forwarded-For: 203.0.113.10\r\n"));
        // What a client writes itself makes it no other one.
        CPPUNIT_ASSERT(guessesUntilItHasToWait("X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\n") < kFree);
    }

    void aNetworkThatIsNoneIsAFault() {
        ServedHost host("http.proxy.trusted = 127.0.0.1, proxy.example\n");
        host.addJob("job", "succeed");

        const auto validated = host.carillon({"validate"}).run();

        CPPUNIT_ASSERT_EQUAL(2, validated.exitCode);
        const auto text = validated.out + validated.err;
        CPPUNIT_ASSERT_MESSAGE(
            text, text.find("http.proxy.trusted = proxy.example, expected addresses or networks such as 127.0.0.1") !=
                      std::string::npos);
    }

private:
    inline static const std::string kPassword = "correct horse + battery";

    void serveWith(const std::string& keys, const std::string& address = "127.0.0.1") {
        _host = std::make_unique<ServedHost>("http.address = " + address + ":0\n" + keys);
        _host->addJob("job", "succeed");
        start();
    }
    void addUser() {
        const auto made = _host->carillon({"passwd", "alice", "--role", "operator"}).input(kPassword + "\n").run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(made.err, 0, made.exitCode);
    }
    /// The waits double: however slow the machine is, one of them is longer than a try takes.
    int guessesUntilItHasToWait(const std::string& headers) {
        constexpr int kMost = 15;
        for (int guesses = 0; guesses < kMost; ++guesses) {
            const std::string answer = signIn(headers, "user" + std::to_string(++_guessed), "a wrong password");
            if (answer.find(" 429 ") != std::string::npos) return guesses;
            expect("401", answer);
        }
        CPPUNIT_FAIL("no guess was refused");
        return kMost;
    }
    std::string signIn(const std::string& headers, const std::string& user = "alice",
                       const std::string& password = kPassword) const {
        const std::string body = "user=" + user + "&password=" + formValue(password);
        return send(
            "POST /sign-in HTTP/1.1\r\nHost: carillon.example.com\r\nConnection: close\r\n"
            "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
            headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    }

    int _guessed = 0;  // names
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeProxyTest);
