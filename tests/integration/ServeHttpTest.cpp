#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/HttpFixture.h"

using namespace std::chrono_literals;

/// The host over HTTP, byte by byte.
class ServeHttpTest : public HttpFixture {
    CPPUNIT_TEST_SUITE(ServeHttpTest);
    CPPUNIT_TEST(whoIsHereMayLookAndNotActWhileNobodyIsConfigured);
    CPPUNIT_TEST(aTokenMayWhatItsRoleMay);
    CPPUNIT_TEST(operatorsStopRuns);
    CPPUNIT_TEST(runOfAnotherProcessIsNotTheHostsToStop);
    CPPUNIT_TEST(jobsOfOthersDoNotExist);
    CPPUNIT_TEST(methodsAreWhatTheRouteTakes);
    CPPUNIT_TEST(badRequestsAreRefused);
    CPPUNIT_TEST(anotherNameIsRefused);
    CPPUNIT_TEST(requestsThatDripAreCutOff);
    CPPUNIT_TEST(idleConnectionsDoNotHinderOthers);
    CPPUNIT_TEST(aTakenPortNamesItsKey);
    CPPUNIT_TEST_SUITE_END();

public:
    void whoIsHereMayLookAndNotActWhileNobodyIsConfigured() {
        start();

        expect("200 OK", get("/api/v1/jobs"));
        const auto refused = ask("POST", "/api/v1/jobs/job/run");
        expect("403 Forbidden", refused);
        CPPUNIT_ASSERT_MESSAGE(refused, refused.find("carillon passwd NAME") != std::string::npos);
    }

    void aTokenMayWhatItsRoleMay() {
        const auto viewer = token("looks", {"--role", "viewer"});
        const auto operates = token("acts", {"--role", "operator"});
        start();

        expect("200 OK", get("/healthz"));
        const auto unknown = get("/api/v1/jobs");
        expect("401 Unauthorized", unknown);
        CPPUNIT_ASSERT(unknown.find("WWW-Authenticate: Bearer") != std::string::npos);
        expect("200 OK", get("/api/v1/jobs", viewer));
        expect("403 Forbidden", ask("POST", "/api/v1/jobs/job/run", viewer));
        expect("202 Accepted", ask("POST", "/api/v1/jobs/job/run", operates));
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("job").size() == 1; }));
        CPPUNIT_ASSERT_EQUAL(std::string("api"), _host->history("job").front().trigger);
    }

    void operatorsStopRuns() {
        _host->addJob("long", "wait_for_stop");
        const auto robot = token("robot", {"--role", "operator"});
        const auto viewer = token("looker", {"--role", "viewer"});
        const auto other = token("other", {"--role", "operator", "--job", "other"});
        start();
        const auto answer = ask("POST", "/api/v1/jobs/long/run", robot);
        expect("202", answer);
        const std::string run = _host->history("long").back().run;

        expect("403", ask("POST", "/api/v1/runs/" + run + "/stop", viewer));
        expect("404", ask("POST", "/api/v1/runs/" + run + "/stop", other));
        expect("404", ask("POST", "/api/v1/runs/none/stop", robot));
        const auto stopped = ask("POST", "/api/v1/runs/" + run + "/stop", robot);

        expect("202", stopped);
        CPPUNIT_ASSERT_MESSAGE(
            stopped,
            stopped.find(R"({"job":"long","runs":[")" + run +
                         R"("],"withdrawn":0,"slots_skipped":false,"retry_cancelled":false})") != std::string::npos);
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("long").back().outcome == "stopped"; }));
        CPPUNIT_ASSERT(_host->history("long").back().message.starts_with("stopped by robot"));
        const auto late = ask("POST", "/api/v1/jobs/long/stop", robot);
        expect("409", late);
        CPPUNIT_ASSERT_MESSAGE(late, late.find("urn:carillon:problem:not-running") != std::string::npos &&
                                         late.find("long has no run in progress; its last one, ") != std::string::npos);
    }

    void runOfAnotherProcessIsNotTheHostsToStop() {
        _host->addJob("long", "wait_for_stop");
        const auto robot = token("robot", {"--role", "operator"});
        auto running = _host->carillon({"run", "long"}).start();
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->folder().log("long").find("wait.began") != std::string::npos; }));
        start();

        const auto answer = ask("POST", "/api/v1/jobs/long/stop", robot);

        expect("409", answer);
        const std::string run = _host->history("long").back().run;
        CPPUNIT_ASSERT_MESSAGE(answer, answer.find("is carried out by process " + std::to_string(running.pid()) +
                                                   " of host ") != std::string::npos &&
                                           answer.find("'carillon stop " + run + "'") != std::string::npos);
        CPPUNIT_ASSERT(!running.hasEnded());
    }

    void jobsOfOthersDoNotExist() {
        const auto some = token("some", {"--role", "operator", "--job", "job"});
        start();

        expect("200 OK", get("/api/v1/jobs/job", some));
        expect("404 Not Found", get("/api/v1/jobs/other", some));
        expect("404 Not Found", ask("POST", "/api/v1/jobs/other/run", some));
        CPPUNIT_ASSERT(get("/api/v1/jobs", some).find("other") == std::string::npos);
    }

    void methodsAreWhatTheRouteTakes() {
        start();

        const auto wrong = ask("DELETE", "/healthz");
        expect("405 Method Not Allowed", wrong);
        CPPUNIT_ASSERT_MESSAGE(wrong, wrong.find("\r\nAllow: GET, HEAD\r\n") != std::string::npos);
        const auto head = ask("HEAD", "/healthz");
        expect("200 OK", head);
        CPPUNIT_ASSERT_MESSAGE(head, head.ends_with("\r\n\r\n") && head.find("Content-Length: 3") != std::string::npos);
        expect("404 Not Found", get("/nothing"));
        CPPUNIT_ASSERT(head.find("\r\nContent-Security-Policy: default-src 'none'") != std::string::npos);
    }

    void badRequestsAreRefused() {
        start();

        expect("413 ", send("POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n"));
        expect("411 ", send("POST /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"));
        expect("400 ", send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"));
        expect("400 ", send("GET / HTTP/1.1\r\n\r\n"));
        expect("400 ", send("nonsense\r\n\r\n"));
        expect("414 ", send("GET /" + std::string(5000, 'x') + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        expect("431 ", send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"));
    }

    void anotherNameIsRefused() {
        start();

        expect("421 ", send("GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"));
        expect("200 ", send("GET /healthz HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n"));
    }

    void requestsThatDripAreCutOff() {
        start();
        auto socket = connect();
        const auto begin = std::chrono::steady_clock::now();

        CPPUNIT_ASSERT(waitUntil(
            [&socket] {
                try {
                    return socket.sendBytes("a", 1) <= 0;
                } catch (const Poco::Exception&) {
                    return true;
                }
            },
            20s));

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin > 9s);
    }

    void idleConnectionsDoNotHinderOthers() {
        start();
        std::vector<Poco::Net::StreamSocket> slow;
        for (int i = 0; i < 1'000; ++i) {
            slow.push_back(connect());
            slow.back().sendBytes("GET /", 5);
        }

        const auto begin = std::chrono::steady_clock::now();
        expect("200 OK", get("/healthz"));

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin < 2s);
    }

    void aTakenPortNamesItsKey() {
        start();
        ServedHost second("http.address = " + _address + "\n");
        second.addJob("job", "succeed");

        const auto ended = second.serve().run();

        CPPUNIT_ASSERT_EQUAL(1, ended.exitCode);
        CPPUNIT_ASSERT_MESSAGE(
            ended.err, ended.err.find("http.address = " + _address + ": another program listens there already") !=
                           std::string::npos);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeHttpTest);
