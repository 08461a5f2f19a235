#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "Poco/JSON/Array.h"
#include "Poco/JSON/Parser.h"
#include "Poco/String.h"
#include "support/EventReader.h"
#include "support/HttpFixture.h"

using namespace std::chrono_literals;

/// What a token that may see one job learns of the others, by every route that the host has: nothing, and of those that
/// there are no more than of those that there are not.
class ServeLimitedTest : public HttpFixture {
    CPPUNIT_TEST_SUITE(ServeLimitedTest);
    CPPUNIT_TEST(noRouteOfItsOwnJobNamesAnother);
    CPPUNIT_TEST(anotherJobIsAnsweredLikeOneThatThereIsNot);
    CPPUNIT_TEST(anotherRunIsAnsweredLikeOneThatThereIsNot);
    CPPUNIT_TEST(aLogOfSeveralJobsShowsItsOwnRuns);
    CPPUNIT_TEST(countsAreOfItsOwnJobs);
    CPPUNIT_TEST(gapsAndIdsTellNothingOfOthersLines);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _host = std::make_unique<ServedHost>("http.address = 127.0.0.1:0\n");
        _host->addJob("job", "warn", "job.schedule = * * * * * *\n");
        _host->addJob("secretive", "log", "job.title = the secretive title\ntask.lines = 3000\n");
        _host->addJob("secretive-fault", "succeed", "job.schedule = 61 * * * *\n");
        _host->addJob("secretive-paused", "wait_for_stop", "job.schedule = 0 3 1 1 *\n");
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "job"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "secretive"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"pause", "secretive-paused"}).run().exitCode);
        _otherRun = _host->history("secretive").front().run;
        _looks = token("looks", {"--role", "viewer", "--job", "job"});
        _acts = token("acts", {"--role", "operator", "--job", "job"});
        _all = token("all", {"--role", "operator"});
        start();
    }

    void noRouteOfItsOwnJobNamesAnother() {
        const std::string run = _host->history("job").front().run;
        std::string walked;
        for (const auto& who : {_looks, _acts})
            for (const auto& route : routes()) {
                const std::string path = filled(route.path, "job", run);
                if (isStream(path)) continue;
                walked += path + ' ';
                for (const auto& accept : {std::string(), kHtml})
                    CPPUNIT_ASSERT_EQUAL(std::string(), namesIn(ask(route.method, path, who + accept, route.body)));
            }
        for (const char* path :
             {"/log?text=a", "/log?level=debug&n=500", "/?state=faulty", "/?state=paused", "/api/v1/jobs?limit=1",
              "/api/v1/jobs?cursor=67", "/api/v1/jobs/job/runs?outcome=failed", "/nothing", "/readyz"})
            for (const auto& accept : {std::string(), kHtml})
                CPPUNIT_ASSERT_EQUAL_MESSAGE(path, std::string(), namesIn(get(path, _looks + accept)));
        for (const char* path : {"/live/log", "/live/jobs/job"}) {
            EventReader events(connect(), path, _looks);
            // The run before may go on still.
            CPPUNIT_ASSERT(waitUntil(
                [this] { return ask("POST", "/api/v1/jobs/secretive/run", _all).find(" 202 ") != std::string::npos; }));
            const auto until = std::chrono::steady_clock::now() + 1500ms;
            while (std::chrono::steady_clock::now() < until && events.readMore(200ms)) {
            }
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path, std::string(), namesIn(events.head() + events.bytes()));
            CPPUNIT_ASSERT_MESSAGE(events.bytes(), events.bytes().find("event: ") != std::string::npos);
        }
        for (const char* path : {"/ ", "/log ", "/metrics ", "/api/v1/status ", "/api/v1/jobs ", "/jobs/job/check "})
            CPPUNIT_ASSERT_MESSAGE(walked, (' ' + walked).find(std::string(" ") + path) != std::string::npos);
    }

    void anotherJobIsAnsweredLikeOneThatThereIsNot() {
        for (const auto& who : {_looks, _acts})
            for (const auto& route : routes()) {
                if (route.path.find("{job}") == std::string::npos) continue;
                for (const std::string secretive : {"secretive", "secretive-fault", "secretive-paused"})
                    for (const auto& accept : {std::string(), kHtml})
                        compare(route.method, filled(route.path, secretive, "none"), who + accept, route.body,
                                secretive, std::string(secretive.size(), 'x'));
            }
        for (const auto& accept : {std::string(), kHtml}) {
            compare("GET", "/log?job=secretive", _looks + accept, "", "secretive", "xxxxxxxxx");
            compare("GET", "/log?job=secretive&level=loud", _looks + accept, "", "secretive", "xxxxxxxxx");
            compare("GET", "/live/log?job=secretive", _looks + accept, "", "secretive", "xxxxxxxxx");
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _host->history("secretive").size());
    }

    void anotherRunIsAnsweredLikeOneThatThereIsNot() {
        const std::string other = _otherRun.substr(0, _otherRun.size() - 8) + "00000000";
        for (const auto& who : {_looks, _acts})
            for (const auto& route : routes())
                if (route.path.find("{run}") != std::string::npos)
                    for (const auto& accept : {std::string(), kHtml})
                        compare(route.method, filled(route.path, "job", _otherRun), who + accept, route.body, _otherRun,
                                other);
        // A cursor is a run's id: one of another job is none of this one's.
        compare("GET", "/api/v1/jobs/job/runs?cursor=" + hex(_otherRun), _looks, "", hex(_otherRun), hex(other));
        compare("GET", "/jobs/job?cursor=" + hex(_otherRun), _looks + kHtml, "", hex(_otherRun), hex(other));
    }

    void aLogOfSeveralJobsShowsItsOwnRuns() {
        const std::string shared =
            "logging.channels.file.class = FileChannel\nlogging.channels.file.path = shared.log\n"
            "logging.loggers.root.channel = file\n";
        _host->addJob("together", "succeed", shared);
        _host->addJob("secretive-together", "warn", shared);
        // A configuration with a fault is not taken.
        std::filesystem::remove(_host->folder().path() / "jobs/secretive-fault.properties");
        const auto reloaded = _host->carillon({"reload"}).run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(reloaded.out + reloaded.err, 0, reloaded.exitCode);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "together"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "secretive-together"}).run().exitCode);
        const auto mine = token("mine", {"--role", "viewer", "--job", "together"});

        for (const char* path : {"/log?job=together", "/log"}) {
            const auto page = get(path, mine + kHtml);
            CPPUNIT_ASSERT_MESSAGE(page, page.find(_host->history("together").front().run) != std::string::npos ||
                                             page.find("all went well") != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(page, page.find("done, but") == std::string::npos);
            CPPUNIT_ASSERT_EQUAL(std::string(), namesIn(page));
        }
        const auto all = get("/log?job=together", _all + kHtml);
        CPPUNIT_ASSERT_MESSAGE(all, all.find("done, but") != std::string::npos);
    }

    void countsAreOfItsOwnJobs() {
        const auto answer = get("/api/v1/status", _looks);
        const auto body = answer.substr(answer.find("\r\n\r\n") + 4);
        const auto status = Poco::JSON::Parser().parse(body).extract<Poco::JSON::Object::Ptr>();
        const auto counts = status->getObject("counts");

        CPPUNIT_ASSERT_EQUAL_MESSAGE(body, 1, counts->getValue<int>("jobs"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(body, 1, counts->getValue<int>("enabled"));
        for (const char* name : {"paused", "faulty", "waiting"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(body, 0, counts->getValue<int>(name));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(body, std::string("ready"), status->getValue<std::string>("state"));
        // Who may see all is told of all.
        const auto all = get("/api/v1/status", _all);
        CPPUNIT_ASSERT_MESSAGE(all, all.find("\"jobs\":4") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(all, all.find("secretive-fault") != std::string::npos);
    }

    void gapsAndIdsTellNothingOfOthersLines() {
        EventReader mine(connect(), "/live/log", _looks);
        EventReader every(connect(), "/live/log", _all);
        const auto first = mine.next("line");
        CPPUNIT_ASSERT(first);
        std::string behind;
        for (int i = 0; i < 4; ++i) {
            expect("202", ask("POST", "/api/v1/jobs/secretive/run", _all));
            for (std::optional<ServerEvent> line; (line = every.next("line"));)
                if (line->text("job") == "secretive" && line->text("text").starts_with("run.finished")) break;
        }

        // 12,000 lines of the other job later, what came first is not kept any more.
        EventReader again(connect(), "/live/log", _looks + "Last-Event-ID: " + first->id + "\r\n");
        const auto gap = again.next("gap");
        CPPUNIT_ASSERT(gap);
        CPPUNIT_ASSERT(gap->data->isNull("missed"));
        EventReader whole(connect(), "/live/log", _all + "Last-Event-ID: " + first->id + "\r\n");
        const auto known = whole.next("gap");
        CPPUNIT_ASSERT(known);
        CPPUNIT_ASSERT(known->data->getValue<int>("missed") > 1'000);
        // Ids are no numbers.
        const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
        CPPUNIT_ASSERT_MESSAGE(first->id, first->id.find('-') == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(first->id, !std::all_of(first->id.begin(), first->id.end(), isDigit));
    }

private:
    struct Route {
        std::string method{};
        std::string path{};
        std::string body{};
    };
    inline static const std::string kHtml = "Accept: text/html\r\n";

    static bool isStream(const std::string& path) { return path.starts_with("/live/"); }

    static std::string filled(std::string path, const std::string& job, const std::string& run) {
        for (const auto& [name, value] : {std::pair("{job}", job), std::pair("{run}", run), std::pair("{file}", job)})
            path = Poco::replace(path, std::string(name), value);
        return path;
    }

    /// All that the host itself says that it has.
    std::vector<Route> routes() const {
        const auto answer = get("/api/v1", _all);
        const auto body = answer.substr(answer.find("\r\n\r\n") + 4);
        const auto all = Poco::JSON::Parser().parse(body).extract<Poco::JSON::Object::Ptr>()->getArray("routes");
        std::vector<Route> routes;
        for (unsigned i = 0; i < all->size(); ++i) {
            const auto route = all->getElement<std::string>(i);
            const auto space = route.find(' ');
            routes.push_back({route.substr(0, space), route.substr(space + 1), ""});
            if (routes.back().method == "POST") routes.back().body = "{}";
        }
        CPPUNIT_ASSERT(routes.size() > 30);
        return routes;
    }

    /// What names another job in an answer, as much of it as helps; empty: nothing.
    std::string namesIn(const std::string& answer) const {
        for (const auto& name : {std::string("secretive"), _otherRun})
            if (const auto at = answer.find(name); at != std::string::npos)
                return answer.substr(0, 100) + " … " + answer.substr(at < 100 ? 0 : at - 100, 300);
        return "";
    }

    /// That the answers are the same, but for the name itself.
    void compare(const std::string& method, const std::string& path, const std::string& headers,
                 const std::string& body, const std::string& name, const std::string& other) const {
        const auto bare = [](std::string answer) {
            const auto date = answer.find("Date: ");
            return answer.erase(date, answer.find('\n', date) - date);
        };
        const auto there = bare(ask(method, path, headers, body));
        const auto notThere = bare(ask(method, Poco::replace(path, name, other), headers, body));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(method + ' ' + path, notThere, Poco::replace(there, name, other));
    }

    static std::string hex(const std::string& text) {
        std::string digits;
        for (const char c : text) {
            digits += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
            digits += "0123456789abcdef"[static_cast<unsigned char>(c) & 15];
        }
        return digits;
    }

    std::string _otherRun{};
    std::string _looks{};
    std::string _acts{};
    std::string _all{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeLimitedTest);
