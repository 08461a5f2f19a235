#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "Poco/JSON/Array.h"
#include "Poco/JSON/Parser.h"
#include "support/ServedHost.h"

/// The verb status.
class ServeStatusTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServeStatusTest);
    CPPUNIT_TEST(statusOfAReadyHostLeavesZero);
    CPPUNIT_TEST(statusWithoutAHostLeavesOne);
    CPPUNIT_TEST(statusTellsFaultyJobs);
    CPPUNIT_TEST(statusTellsThatNothingIsEnabled);
    CPPUNIT_TEST(statusShowsAsManyJobsAsAskedFor);
    CPPUNIT_TEST(statusShowsTheLastRun);
    CPPUNIT_TEST(statusTellsJobsWhoseLastRunFailed);
    CPPUNIT_TEST(openRejectsAreToldUntilTheyAreReplayed);
    CPPUNIT_TEST(openRejectsAreToldBesideARunThatFailedEarly);
    CPPUNIT_TEST(aReplayIsNotTheJobsLastRun);
    CPPUNIT_TEST(slotsThatPassAreToldUntilTheJobSucceeds);
    CPPUNIT_TEST(aRunThatWasRefusedIsNoSlot);
    CPPUNIT_TEST(statusOfAJobThatIsNotThereIsWrongUsage);
    CPPUNIT_TEST(aJobThatCannotFireIsTold);
    CPPUNIT_TEST(aPausedJobShowsNoNextRunAndASnoozeIsShown);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _host = std::make_unique<ServedHost>();
        _host->addJob("job", "succeed", "job.schedule = * * * * * *\n");
    }
    void tearDown() override { _host.reset(); }

    void statusOfAReadyHostLeavesZero() {
        _host->start();

        const auto table = _host->carillon({"status"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(table.err, 0, table.exitCode);
        CPPUNIT_ASSERT_MESSAGE(table.out, table.out.starts_with("host test-host is ready since "));
        for (const auto* text : {"(process ", "1 job, 1 enabled, 0 paused", "JOB", "NEXT", "job ", ", in "})
            CPPUNIT_ASSERT_MESSAGE(table.out, table.out.find(text) != std::string::npos);
        const auto status = _host->status();
        CPPUNIT_ASSERT_EQUAL(std::string("ready"), status->getValue<std::string>("state"));
        CPPUNIT_ASSERT_EQUAL(_host->process().pid(), status->getValue<int>("pid"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, status->getArray("problems")->size());
    }

    void statusWithoutAHostLeavesOne() {
        const auto table = _host->carillon({"status"}).run();
        const auto json = _host->carillon({"status", "--json"}).run();

        CPPUNIT_ASSERT_EQUAL(1, table.exitCode);
        CPPUNIT_ASSERT_EQUAL(1, json.exitCode);
        CPPUNIT_ASSERT_EQUAL("carillon: error: no host runs on " + _host->at("state") +
                                 ": nothing fires; start it with carillon serve\n",
                             table.err);
        CPPUNIT_ASSERT_EQUAL(std::string("stopped"), object(json.out)->getValue<std::string>("state"));
    }

    void statusTellsFaultyJobs() {
        _host->addJob("bad", "succeed", "job.schedule = 61 * * * *\n");
        _host->start();

        const auto problems = _host->problems();

        CPPUNIT_ASSERT_MESSAGE(problems, problems.find("bad.properties:4: job.schedule") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("degraded"), _host->status()->getValue<std::string>("state"));
        CPPUNIT_ASSERT_EQUAL(std::string("faulty"), stateOf("bad"));
        CPPUNIT_ASSERT(waitUntil([this] { return _host->ledger("job").size() >= 2; }));
    }

    void statusTellsThatNothingIsEnabled() {
        _host->folder().write("carillon.properties", "plugins.dir = plugins\nhttp.address =\n");
        _host->start();

        const auto problems = _host->problems();

        CPPUNIT_ASSERT_MESSAGE(problems, problems.find("no job is enabled") != std::string::npos);
    }

    void statusShowsAsManyJobsAsAskedFor() {
        for (int i = 10; i < 70; ++i) _host->addJob("many-" + std::to_string(i), "succeed", "job.schedule = @daily\n");
        _host->start();

        const auto some = _host->carillon({"status"}).run();
        const auto all = _host->carillon({"status", "-n", "61"}).run();
        const auto pattern = _host->status("many-1?");

        CPPUNIT_ASSERT_EQUAL(0, some.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("and more: carillon status -n 61, or a pattern such as 'sync-*'\n"), some.err);
        CPPUNIT_ASSERT_MESSAGE(all.out, all.out.find("\nmany-69 ") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(), all.err);
        CPPUNIT_ASSERT_EQUAL(std::size_t{10}, pattern->getArray("jobs")->size());
    }

    void statusShowsTheLastRun() {
        _host->addJob("crash", "segfault");
        _host->start();
        CPPUNIT_ASSERT_EQUAL(1, _host->carillon({"run", "crash"}).run().exitCode);

        const auto table = _host->carillon({"status", "crash"}).run();

        CPPUNIT_ASSERT_MESSAGE(table.out, table.out.find("failed ") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(table.out, table.out.find("SIGSEGV") != std::string::npos);
    }

    void statusTellsJobsWhoseLastRunFailed() {
        _host->addJob("breaks", "fail");
        _host->addJob("gone", "fail");
        _host->start();
        CPPUNIT_ASSERT_EQUAL(1, _host->carillon({"run", "breaks"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(1, _host->carillon({"run", "gone"}).run().exitCode);
        std::filesystem::remove(_host->at("jobs/gone.properties"));

        const auto all = _host->carillon({"status"}).run();
        const auto others = _host->carillon({"status", "j*"}).run();
        const std::string problems = _host->problems();
        _host->addJob("breaks", "succeed");
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"reload"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "breaks"}).run().exitCode);

        CPPUNIT_ASSERT_EQUAL(1, all.exitCode);
        CPPUNIT_ASSERT_MESSAGE(all.err, all.err.starts_with("carillon: error: job breaks failed "));
        CPPUNIT_ASSERT_MESSAGE(
            all.err, all.err.find(" ago: the work could not be done; see carillon logs breaks\n") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(all.err, all.err.find("gone") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(0, others.exitCode);
        CPPUNIT_ASSERT_MESSAGE(problems, problems.find("job breaks failed ") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"status"}).run().exitCode);
    }

    void openRejectsAreToldUntilTheyAreReplayed() {
        _host->addJob("inbox", "put_aside");
        _host->start();
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "inbox"}).run().exitCode);

        const auto open = _host->carillon({"status"}).run();
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"replay", "inbox", "1", "2"}).run().exitCode);
        const auto one = _host->carillon({"status"}).run();
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"replay", "inbox", "--all"}).run().exitCode);

        CPPUNIT_ASSERT_EQUAL(1, open.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: job inbox has 3 rejects open; see carillon rejects inbox\n"),
                             open.err);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: job inbox has 1 reject open; see carillon rejects inbox\n"),
                             one.err);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"status"}).run().exitCode);
    }

    /// It knows nothing of them, and they are open all the same.
    void openRejectsAreToldBesideARunThatFailedEarly() {
        _host->addJob("inbox", "put_aside");
        _host->start();
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "inbox"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(1, _host->carillon({"run", "inbox", "--set", "task.run=throw_std"}).run().exitCode);

        const std::string problems = _host->carillon({"status"}).run().err;

        CPPUNIT_ASSERT_MESSAGE(problems, problems.find("job inbox failed ") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(problems, problems.find("job inbox has 3 rejects open") != std::string::npos);
    }

    void aReplayIsNotTheJobsLastRun() {
        _host->addJob("breaks", "fail");
        _host->start();
        CPPUNIT_ASSERT_EQUAL(1, _host->carillon({"run", "breaks"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"replay", "breaks", "--all"}).run().exitCode);

        const auto status = _host->carillon({"status", "--json"}).run();

        CPPUNIT_ASSERT_EQUAL(1, status.exitCode);
        const auto trouble = object(status.out)->getArray("troubles")->getObject(0);
        CPPUNIT_ASSERT_EQUAL(std::string("breaks"), trouble->getValue<std::string>("job"));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), trouble->getValue<std::string>("kind"));
        CPPUNIT_ASSERT_EQUAL(std::string("replay"), _host->history("breaks").back().trigger);
    }

    /// A run that hangs while its slots pass: nothing has failed, and nothing is well.
    void slotsThatPassAreToldUntilTheJobSucceeds() {
        _host->addJob("hangs", "wait_for_stop", "job.schedule = every 1s\njob.alerts.late = 1s\n");
        _host->folder().write("carillon.properties", "plugins.dir = plugins\nhttp.address =\njobs.enabled = hangs\n");
        _host->start();

        CPPUNIT_ASSERT(waitUntil([this] { return _host->carillon({"status"}).run().exitCode == 1; }));
        const auto status = _host->carillon({"status"}).run();

        CPPUNIT_ASSERT_MESSAGE(status.err, status.err.starts_with("carillon: error: job hangs has not succeeded for "));
        CPPUNIT_ASSERT_MESSAGE(status.err, status.err.ends_with("passed without a run; see carillon ledger hangs\n"));
    }

    /// Who asked for it knows.
    void aRunThatWasRefusedIsNoSlot() {
        _host->addJob("busy", "wait_for_stop", "job.alerts.late = 1s\n");
        _host->start();
        auto running = _host->carillon({"run", "busy"}).start();
        CPPUNIT_ASSERT(waitUntil([this] { return stateOf("busy") == "running"; }));
        CPPUNIT_ASSERT_EQUAL(75, _host->carillon({"run", "busy"}).run().exitCode);
        std::this_thread::sleep_for(std::chrono::milliseconds(1'200));

        const auto status = _host->carillon({"status"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(status.err, 0, status.exitCode);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"stop", "busy"}).run().exitCode);
    }

    void statusOfAJobThatIsNotThereIsWrongUsage() {
        _host->start();

        const auto status = _host->carillon({"status", "jbo"}).run();

        CPPUNIT_ASSERT_EQUAL(2, status.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: no job is named jbo, did you mean job?\n"), status.err);
    }

    void aJobThatCannotFireIsTold() {
        _host->addJob("never", "succeed", "job.schedule = 0 0 30 2 *\n");
        _host->start();

        const auto status = _host->carillon({"status"}).run();

        CPPUNIT_ASSERT_EQUAL(1, status.exitCode);
        CPPUNIT_ASSERT_MESSAGE(status.err, status.err.find("never") != std::string::npos);
    }

    void aPausedJobShowsNoNextRunAndASnoozeIsShown() {
        _host->start();
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"pause", "job"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"alerts", "snooze", "job", "2h"}).run().exitCode);

        const auto text = _host->carillon({"status"}).run();
        const auto job = object(_host->carillon({"status", "--json"}).run().out)->getArray("jobs")->getObject(0);

        CPPUNIT_ASSERT_MESSAGE(text.out, text.out.find("paused") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(text.err, text.err.find("job is snoozed until ") != std::string::npos);
        CPPUNIT_ASSERT(job->isNull("next"));
        CPPUNIT_ASSERT(!job->isNull("snoozed_until"));
        _host->addJob("other", "succeed");
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"reload"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string(), _host->carillon({"status", "other"}).run().err);
    }

private:
    std::string stateOf(const std::string& job) const {
        return _host->status(job)->getArray("jobs")->getObject(0)->getValue<std::string>("state");
    }

    static Poco::JSON::Object::Ptr object(const std::string& text) {
        return Poco::JSON::Parser().parse(text).extract<Poco::JSON::Object::Ptr>();
    }

    std::unique_ptr<ServedHost> _host{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeStatusTest);
