#include "api/Router.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "Poco/Exception.h"
#include "unit/AccessFixture.h"

using namespace carillon;

/// Who answers which request, called without a server.
class RouterTest : public AccessFixture {
    CPPUNIT_TEST_SUITE(RouterTest);
    CPPUNIT_TEST(aRouteTakesItsWholePathAlone);
    CPPUNIT_TEST(argumentsAreDecoded);
    CPPUNIT_TEST(aPercentWithoutItsDigitsIsABadRequest);
    CPPUNIT_TEST(theFirstRouteThatTakesARequestServesIt);
    CPPUNIT_TEST(getServesHeadAsWell);
    CPPUNIT_TEST(anotherMethodIsToldWhichThereAre);
    CPPUNIT_TEST(whatNobodyServesIsNotFound);
    CPPUNIT_TEST(rolesAreAskedBeforeTheHandlerIs);
    CPPUNIT_TEST(anotherHostsNameIsNotAnswered);
    CPPUNIT_TEST(whatAHandlerRefusesIsItsAnswer);
    CPPUNIT_TEST(routesAreNamedInTheirOrder);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        AccessFixture::setUp();
        Account looker = program("looker", "carillon_looks");
        Account actor = program("actor", "carillon_acts");
        actor.role = Role::Operator;
        write({{looker, actor}});
        HttpConfig config;
        config.host = "127.0.0.1";
        _access = std::make_unique<WebAccess>(config, "here", file(), _clock);
        _router = std::make_unique<Router>(*_access);
    }
    void tearDown() override {
        _router.reset();
        _access.reset();
        AccessFixture::tearDown();
    }

    void aRouteTakesItsWholePathAlone() {
        add("GET", "/jobs");
        add("GET", "/jobs/{job}/runs");

        CPPUNIT_ASSERT_EQUAL(std::string("/jobs"), ask("GET", "/jobs").body);
        CPPUNIT_ASSERT_EQUAL(std::string("/jobs/{job}/runs a"), ask("GET", "/jobs/a/runs").body);
        for (const char* other : {"/", "/job", "/jobs/", "/jobs/a", "/jobs/a/", "/jobs/a/runs/", "/jobs//runs",
                                  "/jobs/a/b/runs", "/x/jobs", "/Jobs", "/jobs/a/RUNS", "//jobs"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(other, 404, ask("GET", other).status);
    }

    void argumentsAreDecoded() {
        add("GET", "/jobs/{job}/runs/{run}");

        CPPUNIT_ASSERT_EQUAL(std::string("/jobs/{job}/runs/{run} a@b/c ü"),
                             ask("GET", "/jobs/a%40b%2Fc/runs/%C3%BC").body);
        CPPUNIT_ASSERT_EQUAL(std::string("/jobs/{job}/runs/{run} {job} .."), ask("GET", "/jobs/{job}/runs/..").body);
        _router->add("GET", "/named/{one}", Need::Nobody, [](const WebCall& call) {
            CPPUNIT_ASSERT_EQUAL(std::string("x"), call.argument("one"));
            CPPUNIT_ASSERT_THROW(call.argument("other"), Poco::LogicException);
            return HttpResponse{};
        });
        CPPUNIT_ASSERT_EQUAL(200, ask("GET", "/named/x").status);
    }

    void aPercentWithoutItsDigitsIsABadRequest() {
        add("GET", "/jobs/{job}");

        for (const char* bad : {"/jobs/a%", "/jobs/a%4", "/jobs/a%zz"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bad, 400, ask("GET", bad).status);
        CPPUNIT_ASSERT_EQUAL(0, _calls);
    }

    void theFirstRouteThatTakesARequestServesIt() {
        add("GET", "/jobs/all");
        add("GET", "/jobs/{job}");

        CPPUNIT_ASSERT_EQUAL(std::string("/jobs/all"), ask("GET", "/jobs/all").body);
        CPPUNIT_ASSERT_EQUAL(std::string("/jobs/{job} some"), ask("GET", "/jobs/some").body);
    }

    void getServesHeadAsWell() {
        add("GET", "/read");
        add("POST", "/write");

        CPPUNIT_ASSERT_EQUAL(200, ask("HEAD", "/read").status);
        CPPUNIT_ASSERT_EQUAL(1, _calls);
        CPPUNIT_ASSERT_EQUAL(405, ask("HEAD", "/write").status);
        CPPUNIT_ASSERT_EQUAL(1, _calls);
    }

    void anotherMethodIsToldWhichThereAre() {
        add("GET", "/thing");
        add("DELETE", "/thing");
        add("POST", "/other");

        const HttpResponse refused = ask("POST", "/thing");

        CPPUNIT_ASSERT_EQUAL(405, refused.status);
        CPPUNIT_ASSERT_EQUAL(std::string("GET, HEAD, DELETE"), header(refused, "Allow"));
        CPPUNIT_ASSERT_EQUAL(405, ask("get", "/thing").status);  // methods are told apart by case
        CPPUNIT_ASSERT_EQUAL(std::string("POST"), header(ask("GET", "/other"), "Allow"));
    }

    void whatNobodyServesIsNotFound() {
        const HttpResponse none = ask("GET", "/<b>nothing</b>");

        CPPUNIT_ASSERT_EQUAL(404, none.status);
        CPPUNIT_ASSERT_EQUAL(std::string("application/problem+json"), none.type);
        CPPUNIT_ASSERT_EQUAL(std::string(), header(none, "Allow"));
    }

    void rolesAreAskedBeforeTheHandlerIs() {
        add("GET", "/seen", Need::Viewer);
        add("POST", "/done", Need::Operator);
        const auto status = [this](const char* method, const char* path, const std::string& token) {
            return ask(method, path, token).status;
        };

        CPPUNIT_ASSERT_EQUAL(401, status("GET", "/seen", ""));
        CPPUNIT_ASSERT_EQUAL(401, status("GET", "/seen", "carillon_guess"));
        CPPUNIT_ASSERT_EQUAL(401, status("POST", "/done", ""));
        CPPUNIT_ASSERT_EQUAL(403, status("POST", "/done", "carillon_looks"));
        CPPUNIT_ASSERT_EQUAL(0, _calls);
        CPPUNIT_ASSERT_EQUAL(200, status("GET", "/seen", "carillon_looks"));
        CPPUNIT_ASSERT_EQUAL(200, status("GET", "/seen", "carillon_acts"));
        CPPUNIT_ASSERT_EQUAL(200, status("POST", "/done", "carillon_acts"));
        CPPUNIT_ASSERT_EQUAL(3, _calls);
        CPPUNIT_ASSERT_EQUAL(405, status("POST", "/seen", ""));  // there is nothing to be allowed
    }

    void anotherHostsNameIsNotAnswered() {
        add("GET", "/");

        for (const char* name : {"localhost", "127.0.0.1:8620", "[::1]:8620", "here", "HERE:80", ""})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, 200, ask("GET", "/", "", name).status);
        for (const char* name : {"evil.example", "here.evil.example", "192.0.2.1"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, 421, ask("GET", "/", "", name).status);
    }

    void whatAHandlerRefusesIsItsAnswer() {
        _router->add("GET", "/busy", Need::Nobody,
                     [](const WebCall&) -> HttpResponse { throw HttpRefusal(problem(409, "job-busy", "it runs")); });
        _router->add("GET", "/broken", Need::Nobody,
                     [](const WebCall&) -> HttpResponse { throw Poco::IOException("the disk"); });

        CPPUNIT_ASSERT_EQUAL(409, ask("GET", "/busy").status);
        CPPUNIT_ASSERT_THROW(ask("GET", "/broken"), Poco::IOException);  // for the server to log
    }

    void routesAreNamedInTheirOrder() {
        add("GET", "/b");
        add("POST", "/a/{x}");

        CPPUNIT_ASSERT((_router->routes() == std::vector<std::string>{"GET /b", "POST /a/{x}"}));
    }

private:
    /// Answers with its pattern and its arguments.
    void add(const std::string& method, const std::string& pattern, Need need = Need::Nobody) {
        _router->add(method, pattern, need, [this, pattern](const WebCall& call) {
            ++_calls;
            HttpResponse answer;
            answer.body = pattern;
            for (const auto& [name, value] : call.arguments) answer.body += ' ' + value;
            return answer;
        });
    }
    HttpResponse ask(const std::string& method, const std::string& path, const std::string& token = "",
                     const std::string& host = "localhost") {
        HttpRequest request;
        request.method = method;
        request.path = path;
        request.peer = Poco::Net::IPAddress("127.0.0.1");
        if (!host.empty()) request.headers.set("Host", host);
        if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
        return _router->answer(request);
    }
    static std::string header(const HttpResponse& answer, const std::string& name) {
        const auto found = std::find_if(answer.headers.begin(), answer.headers.end(),
                                        [&name](const auto& header) { return header.first == name; });
        return found == answer.headers.end() ? "" : found->second;
    }

    std::unique_ptr<WebAccess> _access{};
    std::unique_ptr<Router> _router{};
    int _calls = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(RouterTest);
