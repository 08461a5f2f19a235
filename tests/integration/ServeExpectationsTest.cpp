#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>

#include "Poco/JSON/Array.h"
#include "Poco/JSON/Parser.h"
#include "support/HttpFixture.h"

using namespace std::chrono_literals;

/// A host whose jobs do not do what is expected of them, as its administrator sees it: by the verbs, the API, the page
/// and the metrics.
class ServeExpectationsTest : public HttpFixture {
    CPPUNIT_TEST_SUITE(ServeExpectationsTest);
    CPPUNIT_TEST(slowRunIsShownWhileItGoesOn);
    CPPUNIT_TEST(countersAndFastRunsAreShownUntilARunMeetsThem);
    CPPUNIT_TEST(lackOfSuccessIsShownOfAPausedJobAndNotOfADisabledOne);
    CPPUNIT_TEST(expectationsAreSaidInWords);
    CPPUNIT_TEST_SUITE_END();

public:
    void slowRunIsShownWhileItGoesOn() {
        add("slow", "wait_for_stop", "job.expect.duration = ..1s\njob.schedule = " + onceSoon() + "\n");
        start();

        const auto told = [this] { return _host->problems().find("job slow is slow: its run") != std::string::npos; };
        CPPUNIT_ASSERT_MESSAGE(_host->problems(), waitUntil(told, 20s));

        CPPUNIT_ASSERT(has(_host->problems(), "has been running for "));
        CPPUNIT_ASSERT(has(_host->problems(), ", expected 1 s at most; see carillon logs slow"));
        CPPUNIT_ASSERT(has(get("/api/v1/jobs/slow"), R"("unmet":[{"kind":"slow","at_most":1000,"found":)"));
        CPPUNIT_ASSERT(has(get("/api/v1/status"), R"("kind":"slow")"));
        CPPUNIT_ASSERT(has(get("/"), "slow is slow: its run has been running for "));
        CPPUNIT_ASSERT(has(get("/jobs/slow"), R"(<span class="badge bad">slow</span>)"));
        CPPUNIT_ASSERT(has(get("/metrics"), R"(carillon_job_expectations_unmet{job="slow"} 1)"));
        CPPUNIT_ASSERT(!has(get("/metrics"), R"(carillon_job_expectations_unmet{job="job"})"));
        _host->carillon({"stop", "slow"}).run();
    }

    void countersAndFastRunsAreShownUntilARunMeetsThem() {
        add("count", "succeed", "job.expect.duration = 20s..\njob.expect.counters.items = 5..\n");
        start();
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "count"}).run().exitCode);

        const auto problems = _host->problems();

        CPPUNIT_ASSERT_MESSAGE(problems, has(problems, "job count is suspiciously fast: its last run took "));
        CPPUNIT_ASSERT_MESSAGE(problems, has(problems,
                                             "job count is not as expected: its last run tells items = 3, expected "
                                             "5 or more; see carillon history count"));
        CPPUNIT_ASSERT_EQUAL(1, _host->carillon({"status"}).run().exitCode);
        const auto jobs = _host->carillon({"jobs"}).run();
        CPPUNIT_ASSERT_MESSAGE(jobs.out, has(jobs.out, "fast, counter items: see carillon status"));
        const auto run = get("/runs/" + _host->history("count").front().run, "Accept-Language: fr\r\n");
        CPPUNIT_ASSERT_MESSAGE(run, has(run, "Non conforme aux attentes"));
        CPPUNIT_ASSERT_MESSAGE(run, has(run, "Indique items = 3 (attendu\u00a0: 5 ou plus)"));
        CPPUNIT_ASSERT(has(get("/jobs/count"), "items is 5 or more <span class=\"badge bad\">not met</span>"));

        add("count", "succeed", "job.expect.duration = 1ms..\njob.expect.counters.items = 3\n");
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"reload"}).run().exitCode);
        CPPUNIT_ASSERT(waitUntil([this] { return _host->problems().empty(); }));
        CPPUNIT_ASSERT(waitUntil([this] { return !has(get("/"), "unexpected figures"); }));
    }

    void lackOfSuccessIsShownOfAPausedJobAndNotOfADisabledOne() {
        add("paused", "succeed", "job.expect.success_within = 1s\njob.schedule = * * * * * *\n");
        add("off", "succeed", "job.expect.success_within = 1s\n");
        enable("job, other, paused");
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"pause", "paused"}).run().exitCode);
        start();

        const auto told = [this] { return has(_host->problems(), "job paused has had no success for "); };
        CPPUNIT_ASSERT_MESSAGE(_host->problems(), waitUntil(told, 20s));

        CPPUNIT_ASSERT(!has(_host->problems(), "job off"));
        CPPUNIT_ASSERT(has(get("/"), "paused has had no success for "));
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"resume", "paused"}).run().exitCode);
        CPPUNIT_ASSERT(waitUntil([&] { return !told(); }, 20s));
    }

    void expectationsAreSaidInWords() {
        add("words", "succeed",
            "job.schedule = */5 * * * *\njob.expect.duration = 2s..10m\njob.expect.success_within = 26h\n");

        const auto english = _host->carillon({"explain", "--job", "words", "--lang", "en"}).run();
        const auto french = _host->carillon({"explain", "--job", "words", "--lang", "fr"}).run();
        const auto valid = _host->carillon({"validate"}).run();

        CPPUNIT_ASSERT_EQUAL(
            std::string("every 5 minutes\nexpected: a run takes 10 min at most\nexpected: a run takes 2 s "
                        "at least\nexpected: the last success was 26 h ago at most\n"),
            english.out);
        CPPUNIT_ASSERT_MESSAGE(french.out, has(french.out, "attendu : une exécution dure 10 min au plus\n"));
        CPPUNIT_ASSERT_MESSAGE(valid.err,
                               has(valid.err, "words.properties: expects: a run takes 10 min at most; a run"));
        CPPUNIT_ASSERT_EQUAL(2, _host->carillon({"explain"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(2, _host->carillon({"explain", "--job", "word"}).run().exitCode);
    }

private:
    static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
    void add(const std::string& job, const std::string& trouble, const std::string& lines) const {
        _host->addJob(job, trouble, lines);
    }
    void enable(const std::string& jobs) const {
        auto text = _host->folder().read("carillon.properties");
        const std::string all = "jobs.enabled = *";
        text.replace(text.find(all), all.size(), "jobs.enabled = " + jobs);
        _host->folder().write("carillon.properties", text);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeExpectationsTest);
