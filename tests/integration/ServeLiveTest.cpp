#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <chrono>
#include <list>
#include <string>
#include <vector>

#include "support/EventReader.h"
#include "support/HttpFixture.h"

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

/// What a host tells as it happens, over HTTP.
class ServeLiveTest : public HttpFixture {
    CPPUNIT_TEST_SUITE(ServeLiveTest);
    CPPUNIT_TEST(aRunIsSeenFromItsBeginToItsEnd);
    CPPUNIT_TEST(pausesAreSeen);
    CPPUNIT_TEST(linesComeAsTheyAreLogged);
    CPPUNIT_TEST(secretsStayHidden);
    CPPUNIT_TEST(jobsOfOthersAreNotSeen);
    CPPUNIT_TEST(theLastMomentIsToldToWhoComes);
    CPPUNIT_TEST(whoComesBackLosesNoLine);
    CPPUNIT_TEST(whoKnewAnotherHostIsToldOfAGap);
    CPPUNIT_TEST(slowReadersMissLinesAndHoldNobody);
    CPPUNIT_TEST(aCommentComesBesideEvents);
    CPPUNIT_TEST(signingOutEndsTheStream);
    CPPUNIT_TEST(aRemovedTokenEndsTheStream);
    CPPUNIT_TEST(theHostsEndEndsTheStream);
    CPPUNIT_TEST(readersThatLeaveGiveTheirPlaceBack);
    CPPUNIT_TEST(twoHundredReadersHinderNobody);
    CPPUNIT_TEST_SUITE_END();

public:
    void aRunIsSeenFromItsBeginToItsEnd() {
        _host->addJob("slow", "progress_slowly");
        const auto acts = begin();
        auto events = follow("/live/jobs/slow", acts);
        const auto first = events.next("state", 2s);
        CPPUNIT_ASSERT_MESSAGE(events.head(), first);
        CPPUNIT_ASSERT(events.head().find("Content-Type: text/event-stream") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("manual"), first->text("state"));
        CPPUNIT_ASSERT(first->data->isNull("last_run"));

        expect("202", ask("POST", "/api/v1/jobs/slow/run", acts));

        const auto running = events.next("state", 2s);
        CPPUNIT_ASSERT(running);
        CPPUNIT_ASSERT_EQUAL(std::string("running"), running->text("state"));
        const auto progress = events.next("progress", 2s);
        CPPUNIT_ASSERT(progress);
        CPPUNIT_ASSERT_EQUAL(running->text("run"), progress->text("run"));
        CPPUNIT_ASSERT(progress->text("text").ends_with(" of 10 items"));
        const auto counters = progress->data->getObject("counters");
        CPPUNIT_ASSERT_EQUAL(10, counters->getValue<int>("total"));
        CPPUNIT_ASSERT(counters->getValue<int>("done") >= 1);
        const std::string told = ask("GET", "/api/v1/progress", acts);
        CPPUNIT_ASSERT_MESSAGE(told,
                               told.find("\"job\":\"slow\",\"run\":\"" + running->text("run")) != std::string::npos &&
                                   told.find("\"total\":10,\"what\":\"items\"") != std::string::npos);
        const auto ended = events.next("ended", 5s);
        CPPUNIT_ASSERT(ended);
        CPPUNIT_ASSERT_EQUAL(running->text("run"), ended->text("run"));
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), ended->text("outcome"));
        CPPUNIT_ASSERT_EQUAL(std::string("progressed"), ended->text("message"));
        CPPUNIT_ASSERT(waitUntil([&] {
            const auto state = events.next("state", 1s);
            return state && state->text("state") == "manual" && !state->data->isNull("last_run") &&
                   state->data->getObject("last_run")->getValue<std::string>("outcome") == "succeeded";
        }));
        const std::string over = ask("GET", "/api/v1/progress", acts);
        CPPUNIT_ASSERT_MESSAGE(over, over.find("{\"items\":[]}") != std::string::npos);
    }

    void pausesAreSeen() {
        const auto acts = begin();
        auto events = follow("/live/jobs/job", acts);
        CPPUNIT_ASSERT(events.next("state"));

        expect("200", ask("POST", "/api/v1/jobs/job/pause", acts));

        const auto paused = events.next("state", 2s);
        CPPUNIT_ASSERT(paused);
        CPPUNIT_ASSERT_EQUAL(std::string("paused"), paused->text("state"));
    }

    void linesComeAsTheyAreLogged() {
        _host->addJob("levels", "log_levels", "logging.loggers.root.level = debug\n");
        const auto acts = begin();
        auto all = follow("/live/log", acts);
        auto errors = follow("/live/log?level=error", acts);
        auto other = follow("/live/log?job=other", acts);
        for (auto* events : {&all, &errors, &other}) expect("200", events->head());

        expect("202", ask("POST", "/api/v1/jobs/levels/run", acts));

        std::vector<std::string> texts;
        for (std::optional<ServerEvent> line; (line = all.next("line", 3s));) {
            texts.push_back(line->text("text"));
            CPPUNIT_ASSERT_EQUAL(std::string("levels"), line->text("job"));
            if (texts.back() == "a.debug") CPPUNIT_ASSERT_EQUAL(std::string("debug"), line->text("level"));
            if (texts.back().starts_with("run.finished")) break;
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{6}, texts.size());
        CPPUNIT_ASSERT(std::find(texts.begin(), texts.end(), "latin \\xe9 and end") != texts.end());
        const auto error = errors.next("line", 2s);
        CPPUNIT_ASSERT(error);
        CPPUNIT_ASSERT_EQUAL(std::string("an.error"), error->text("text"));
        CPPUNIT_ASSERT(error->text("run").size() > 10 && error->text("time").ends_with("Z"));
        CPPUNIT_ASSERT(errors.rest().empty());
        CPPUNIT_ASSERT(other.rest().empty());
        expect("400", get("/live/log?level=loud", acts));
        expect("404", get("/live/log?job=ghost", acts));
        expect("404", get("/live/jobs/ghost", acts));
    }

    void secretsStayHidden() {
        _host->addJob("secret", "tell_secrets", "task.secret = s3cr3t-value-9\n");
        const auto acts = begin();
        auto lines = follow("/live/log", acts);
        auto events = follow("/live/jobs/secret", acts);
        CPPUNIT_ASSERT(events.next("state") && !lines.head().empty());

        expect("202", ask("POST", "/api/v1/jobs/secret/run", acts));
        bool told = false;
        for (std::optional<ServerEvent> line; !told && (line = lines.next("line"));) {
            CPPUNIT_ASSERT(line->text("text").find("s3cr3t") == std::string::npos);
            told = line->text("text").starts_with("run.finished");
        }

        CPPUNIT_ASSERT(told);
        const auto ended = events.next("ended");
        CPPUNIT_ASSERT(ended && ended->text("message").starts_with("the secret is "));
        CPPUNIT_ASSERT(ended->text("message").find("s3cr3t") == std::string::npos);
    }

    void jobsOfOthersAreNotSeen() {
        const auto some = token("some", {"--role", "viewer", "--job", "job"});
        const auto acts = begin();
        auto lines = follow("/live/log", some);
        expect("200", lines.head());

        expect("202", ask("POST", "/api/v1/jobs/other/run", acts));
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("other").size() == 1; }));
        expect("202", ask("POST", "/api/v1/jobs/job/run", acts));

        const auto line = lines.next("line");
        CPPUNIT_ASSERT(line);
        CPPUNIT_ASSERT_EQUAL(std::string("job"), line->text("job"));
        expect("404", get("/live/log?job=other", some));
        expect("404", get("/live/jobs/other", some));
        expect("401", get("/live/log"));
        expect("401", get("/live/jobs/job"));
    }

    void theLastMomentIsToldToWhoComes() {
        const auto acts = begin();
        expect("202", ask("POST", "/api/v1/jobs/job/run", acts));
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->folder().log("job").find("run.finished") != std::string::npos; }));

        auto lines = follow("/live/log", acts);

        const auto first = lines.next("line", 1s);
        CPPUNIT_ASSERT(first);
        CPPUNIT_ASSERT(first->text("text").starts_with("run.started"));
    }

    void whoComesBackLosesNoLine() {
        const auto acts = begin();
        std::string last;
        {
            auto lines = follow("/live/log", acts);
            expect("200", lines.head());
            expect("202", ask("POST", "/api/v1/jobs/job/run", acts));
            const auto first = lines.next("line");
            CPPUNIT_ASSERT(first && first->text("text").starts_with("run.started"));
            last = first->id;
        }
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("job").size() == 1; }));

        auto lines = follow("/live/log", acts + "Last-Event-ID: " + last + "\r\n");
        const auto next = lines.next("line");

        CPPUNIT_ASSERT(next);
        CPPUNIT_ASSERT(next->text("text").starts_with("run.finished"));
        CPPUNIT_ASSERT(lines.rest().empty());
    }

    void whoKnewAnotherHostIsToldOfAGap() {
        const auto acts = begin();

        auto lines = follow("/live/log", acts + "Last-Event-ID: 1-1\r\n");
        const auto gap = lines.next("gap");

        CPPUNIT_ASSERT(gap);
        CPPUNIT_ASSERT(gap->data->isNull("missed"));
        CPPUNIT_ASSERT(!gap->id.empty());
    }

    void slowReadersMissLinesAndHoldNobody() {
        _host->addJob("flood", "log", "task.lines = 200000\njob.isolation = thread\n");
        const auto acts = begin();
        auto lines = follow("/live/log", acts);
        expect("200", lines.head());

        expect("202", ask("POST", "/api/v1/jobs/flood/run", acts));
        const bool ended = waitUntil([this] { return _host->history("flood").front().finishedAt != 0; }, 30s);

        CPPUNIT_ASSERT(ended);
        const auto gap = lines.next("gap", 20s);
        CPPUNIT_ASSERT(gap);
        CPPUNIT_ASSERT(gap->data->getValue<int>("missed") > 0);
        std::string last;
        for (std::optional<ServerEvent> line; (line = lines.next("line"));)
            if ((last = line->text("text")).starts_with("run.finished")) break;
        CPPUNIT_ASSERT_MESSAGE(last, last.starts_with("run.finished"));
    }

    void aCommentComesBesideEvents() {
        const auto acts = begin();
        auto lines = follow("/live/log", acts);
        expect("200", lines.head());
        const auto begun = Steady::now();

        CPPUNIT_ASSERT(waitUntil(
            [&] {
                lines.readMore(1s);
                return lines.bytes().find(": alive\n") != std::string::npos;
            },
            20s));

        CPPUNIT_ASSERT(Steady::now() - begun > 13s);
        CPPUNIT_ASSERT(Steady::now() - begun < 17s);
    }

    void signingOutEndsTheStream() {
        const auto made = _host->carillon({"passwd", "anna"}).input("correct horse battery\n").run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(made.err, 0, made.exitCode);
        start();
        const auto in = ask("POST", "/api/v1/session", "Sec-Fetch-Site: same-origin\r\n",
                            R"({"user":"anna","password":"correct horse battery"})");
        expect("200", in);
        const auto at = in.find("carillon_session=");
        const std::string cookie = "Cookie: " + in.substr(at, in.find(';', at) - at) + "\r\n";
        auto lines = follow("/live/log", cookie);
        auto events = follow("/live/jobs/job", cookie);
        CPPUNIT_ASSERT(events.next("state") && lines.head().starts_with("HTTP/1.1 200"));
        CPPUNIT_ASSERT(!lines.waitForEnd(2s));

        expect("204", ask("DELETE", "/api/v1/session", cookie));

        CPPUNIT_ASSERT(lines.waitForEnd(3s));
        CPPUNIT_ASSERT(events.waitForEnd(3s));
    }

    void aRemovedTokenEndsTheStream() {
        const auto looks = token("looks", {"--role", "viewer"});
        begin();
        auto lines = follow("/live/log", looks);
        expect("200", lines.head());

        const auto removed = _host->carillon({"token", "remove", "looks"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(removed.err, 0, removed.exitCode);
        CPPUNIT_ASSERT(lines.waitForEnd(4s));
    }

    void theHostsEndEndsTheStream() {
        const auto acts = begin();
        auto lines = follow("/live/log", acts);
        auto events = follow("/live/jobs/job", acts);
        CPPUNIT_ASSERT(events.next("state") && !lines.head().empty());

        const auto begun = Steady::now();
        CPPUNIT_ASSERT_EQUAL(0, _host->stop().exitCode);

        CPPUNIT_ASSERT(Steady::now() - begun < 2s);
        CPPUNIT_ASSERT(lines.waitForEnd(1s));
        CPPUNIT_ASSERT(events.waitForEnd(1s));
    }

    void readersThatLeaveGiveTheirPlaceBack() {
        const auto acts = begin();
        for (int round = 0; round < 4; ++round) {
            std::list<EventReader> readers;
            for (int i = 0; i < 100; ++i) readers.push_back(follow("/live/log", acts));
            for (auto& reader : readers) expect("200", reader.head());
            expect("200", ask("HEAD", "/live/log", acts));
        }
    }

    void twoHundredReadersHinderNobody() {
        _host->addJob("tick", "succeed", "job.schedule = * * * * * *\n");
        const auto acts = begin();
        std::list<EventReader> readers;
        for (int i = 0; i < 200; ++i) readers.push_back(follow("/live/log?job=tick", acts));
        for (auto& reader : readers) expect("200", reader.head());

        for (int i = 0; i < 20; ++i) {
            const auto begun = Steady::now();
            expect("200", get("/healthz"));
            CPPUNIT_ASSERT(Steady::now() - begun < 1s);
            waitUntil([] { return false; }, 200ms);
        }

        const auto expected = textsOf(readers.front());
        CPPUNIT_ASSERT(expected.size() >= 6);
        for (auto& reader : readers) {
            if (&reader == &readers.front()) continue;
            const auto texts = textsOf(reader);
            CPPUNIT_ASSERT(texts.size() + 2 >= expected.size());
        }
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("tick")));
        for (const auto& run : _host->history("tick"))
            if (run.finishedAt != 0) CPPUNIT_ASSERT(run.finishedAt - run.scheduledAt < kSecond / 2);
        const auto tooMany = [&] { return get("/live/log", acts).starts_with("HTTP/1.1 503"); };
        for (int i = 0; i < 56; ++i) readers.push_back(follow("/live/log", acts));
        for (auto& reader : readers) expect("200", reader.head());
        CPPUNIT_ASSERT(tooMany());
        expect("200", get("/healthz"));
    }

private:
    /// The header of who may act.
    std::string begin() {
        const auto acts = token("acts", {"--role", "operator"});
        start();
        return acts;
    }

    EventReader follow(const std::string& path, const std::string& headers) const { return {connect(), path, headers}; }

    static std::vector<std::string> textsOf(EventReader& reader) {
        std::vector<std::string> texts;
        for (const auto& event : reader.rest()) {
            CPPUNIT_ASSERT_EQUAL(std::string("line"), event.name);
            texts.push_back(event.text("text"));
        }
        return texts;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeLiveTest);
