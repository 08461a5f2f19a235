#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "Poco/JSON/Array.h"
#include "support/ServedHost.h"

using namespace std::chrono_literals;

/// `carillon stop`: of a host's runs, of those of another process, and of what is none any more.
class ServeStopTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServeStopTest);
    CPPUNIT_TEST(runEndsAsStoppedAndIsNotTriedAgain);
    CPPUNIT_TEST(sudoTellsWhoAsked);
    CPPUNIT_TEST(secondTimeEndsAProcessThatHangs);
    CPPUNIT_TEST(workThatIsDoneAllTheSameStaysDone);
    CPPUNIT_TEST(oneOfSeveralRunsIsStoppedOrAllOfThem);
    CPPUNIT_TEST(runThatWaitsIsWithdrawn);
    CPPUNIT_TEST(slotsThatWaitAreSkipped);
    CPPUNIT_TEST(nextAttemptIsCancelled);
    CPPUNIT_TEST(patternStopsItsJobs);
    CPPUNIT_TEST(runInAThreadIsStopped);
    CPPUNIT_TEST(scheduleGoesOnAfterAStop);
    CPPUNIT_TEST(failureBeforeAStoppedRunIsStillTold);
    CPPUNIT_TEST(runThatHasEndedIsASentence);
    CPPUNIT_TEST(whatIsNotThereIsWrongUsage);
    CPPUNIT_TEST(runWithoutAHostIsStopped);
    CPPUNIT_TEST(nothingRunsWithoutAHost);
    CPPUNIT_TEST(runThatIsGoneWithoutAHostIsNotStopped);
    CPPUNIT_TEST(runOfAnotherProcessBesideAHostIsStopped);
    CPPUNIT_TEST(hostThatDoesNotAnswerIsNotEnded);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _host = std::make_unique<ServedHost>(); }
    void tearDown() override { _host.reset(); }

    void runEndsAsStoppedAndIsNotTriedAgain() {
        _host->addJob("job", "wait_for_stop", "job.retries = 3\njob.retry.delay = 10ms\n");
        _host->start();
        auto running = startRun("job");
        const std::string run = _host->history("job").back().run;

        const auto stopped = _host->carillon({"stop", run}).run();
        const auto ended = running.wait();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(stopped.err, 0, stopped.exitCode);
        CPPUNIT_ASSERT_EQUAL("asked run " + run + " of job to end\n", stopped.out);
        CPPUNIT_ASSERT_EQUAL(1, ended.exitCode);
        CPPUNIT_ASSERT_MESSAGE(ended.out, ended.out.starts_with("job was stopped by " + self() + ": "));
        CPPUNIT_ASSERT_EQUAL(std::string("stopped"), _host->history("job").back().outcome);
        CPPUNIT_ASSERT_MESSAGE(
            _host->log(), _host->log().find("run.stopping job=job run=" + run + " by=" + self()) != std::string::npos);
        const std::string log = _host->folder().log("job");
        CPPUNIT_ASSERT_MESSAGE(log, log.find("run.stop_asked by=" + self()) != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(log, log.find("run.finished outcome=stopped") != std::string::npos);
        std::this_thread::sleep_for(200ms);  // a retry would have begun
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _host->history("job").size());
        CPPUNIT_ASSERT_EQUAL(std::string("ran"), _host->ledger("job").back().end);
        CPPUNIT_ASSERT_EQUAL(std::string("manual"), stateOf("job"));
        CPPUNIT_ASSERT_EQUAL(std::string(), _host->problems());
    }

    void sudoTellsWhoAsked() {
        _host->addJob("job", "wait_for_stop");
        _host->start();
        auto running = startRun("job");

        _host->carillon({"stop", "job"}).set("SUDO_UID", "1").run();
        running.wait();

        const std::string message = _host->history("job").back().message;
        CPPUNIT_ASSERT_MESSAGE(message, message.starts_with("stopped by " + self() + " (sudo: " + nameOf(1) + ")"));
    }

    void secondTimeEndsAProcessThatHangs() {
        _host->addJob("job", "hang");
        _host->start();
        auto running = startRun("job");

        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"stop", "job"}).run().exitCode);
        CPPUNIT_ASSERT(!running.hasEnded());
        CPPUNIT_ASSERT_EQUAL("stopped by " + self(),
                             _host->status("job")->getArray("jobs")->getObject(0)->getValue<std::string>("stopping"));
        const auto again = _host->carillon({"stop", "job"}).run();

        CPPUNIT_ASSERT_MESSAGE(again.out,
                               again.out.ends_with(" of job had been asked to end: its process is ended now\n"));
        CPPUNIT_ASSERT(waitUntil([&] { return running.hasEnded(); }, 5s));
        CPPUNIT_ASSERT_EQUAL("stopped by " + self() + ", and was ended", _host->history("job").back().message);
        CPPUNIT_ASSERT_EQUAL(std::string("stopped"), _host->history("job").back().outcome);
    }

    void workThatIsDoneAllTheSameStaysDone() {
        _host->addJob("job", "wait", "task.wait = 1s\n");
        _host->start();
        auto running = startRun("job");

        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"stop", "job"}).run().exitCode);

        CPPUNIT_ASSERT_EQUAL(0, running.wait().exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), _host->history("job").back().outcome);
        CPPUNIT_ASSERT(_host->folder().log("job").find("run.stop_asked by=" + self()) != std::string::npos);
    }

    void oneOfSeveralRunsIsStoppedOrAllOfThem() {
        _host->addJob("job", "wait_for_stop", "job.overlap = allow\n");
        _host->start();
        auto first = startRun("job");
        auto second = startRun("job", 2);
        auto third = startRun("job", 3);
        const std::string oldest = _host->history("job").front().run;

        CPPUNIT_ASSERT_EQUAL("asked run " + oldest + " of job to end\n", _host->carillon({"stop", oldest}).run().out);
        first.wait();
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{2}, countOf("running"));
        const auto all = _host->carillon({"stop", "job"}).run();

        second.wait();
        third.wait();
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{2}, std::count(all.out.begin(), all.out.end(), '\n'));
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{3}, countOf("stopped"));
    }

    void runThatWaitsIsWithdrawn() {
        _host->addJob("job", "wait_for_stop");
        _host->start();
        auto running = startRun("job");
        auto waiting = _host->carillon({"run", "job", "--wait"}).start();
        const auto waits = [this] { return _host->status()->getObject("counts")->getValue<int>("waiting") == 1; };
        CPPUNIT_ASSERT(waitUntil(waits));

        const auto stopped = _host->carillon({"stop", "job"}).run();

        const auto withdrawn = waiting.wait();
        running.wait();
        CPPUNIT_ASSERT_MESSAGE(stopped.out, stopped.out.find("withdrew 1 run that was asked for") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(1, withdrawn.exitCode);
        CPPUNIT_ASSERT_EQUAL("carillon: error: stopped by " + self() + "\n", withdrawn.err);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _host->history("job").size());
    }

    void slotsThatWaitAreSkipped() {
        _host->addJob("job", "wait_for_stop", "job.schedule = * * * * * *\njob.overlap = queue\n");
        _host->start();
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->status()->getObject("counts")->getValue<int>("waiting") == 1; }));

        const auto stopped = _host->carillon({"stop", "job"}).run();

        CPPUNIT_ASSERT_MESSAGE(
            stopped.out, stopped.out.find("skipped what was due of job and had not begun\n") != std::string::npos);
        const auto isSkipped = [this] {
            const auto slots = _host->ledger("job");
            return std::any_of(slots.begin(), slots.end(), [](const auto& slot) {
                return slot.end == "skipped" && slot.reason == "stopped by " + self();
            });
        };
        CPPUNIT_ASSERT(waitUntil(isSkipped));
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("job")));
    }

    void nextAttemptIsCancelled() {
        _host->addJob("job", "fail", "job.retries = 1\njob.retry.delay = 1h\n");
        _host->start();
        CPPUNIT_ASSERT_EQUAL(1, _host->carillon({"run", "job"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("retrying"), stateOf("job"));

        const auto stopped = _host->carillon({"stop", "job"}).run();
        CPPUNIT_ASSERT_EQUAL(std::string("manual"), stateOf("job"));
        _host->stop();
        _host->start();

        CPPUNIT_ASSERT_EQUAL(std::string("cancelled the next attempt of job\n"), stopped.out);
        CPPUNIT_ASSERT_EQUAL(std::string("manual"), stateOf("job"));
    }

    void patternStopsItsJobs() {
        for (const auto* job : {"sync-a", "sync-b", "other"}) _host->addJob(job, "wait_for_stop");
        _host->start();
        auto a = startRun("sync-a");
        auto b = startRun("sync-b");
        auto other = startRun("other");

        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"stop", "sync-*"}).run().exitCode);

        a.wait();
        b.wait();
        CPPUNIT_ASSERT(!other.hasEnded());
        const auto none = _host->carillon({"stop", "sync-*"}).run();
        CPPUNIT_ASSERT_EQUAL(1, none.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: no job that sync-* means has a run in progress\n"),
                             none.err);
    }

    void runInAThreadIsStopped() {
        _host->addJob("job", "wait_for_stop", "job.isolation = thread\n");
        _host->start();
        auto running = startRun("job");

        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"stop", "job"}).run().exitCode);

        running.wait();
        CPPUNIT_ASSERT_EQUAL("stopped by " + self() + ": the run was asked to stop",
                             _host->history("job").back().message);
    }

    void scheduleGoesOnAfterAStop() {
        _host->addJob("job", "wait_for_stop", "job.schedule = * * * * * *\n");
        _host->start();
        const auto runs = [this](const char* outcome) { return countOf(outcome); };
        CPPUNIT_ASSERT(waitUntil([&] { return runs("running") == 1; }));

        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"stop", "job"}).run().exitCode);

        CPPUNIT_ASSERT(waitUntil([&] { return runs("stopped") == 1 && runs("running") == 1; }));
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("job")));
    }

    void failureBeforeAStoppedRunIsStillTold() {
        _host->addJob("job", "fail");
        _host->start();
        _host->carillon({"run", "job"}).run();
        _host->addJob("job", "wait_for_stop");
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"reload"}).run().exitCode);
        auto running = startRun("job");

        _host->carillon({"stop", "job"}).run();
        running.wait();

        CPPUNIT_ASSERT_EQUAL(std::string("stopped"), _host->history("job").back().outcome);
        const std::string problems = _host->problems();
        CPPUNIT_ASSERT_MESSAGE(problems, problems.starts_with("carillon: error: job job failed "));
    }

    void runThatHasEndedIsASentence() {
        _host->addJob("job", "succeed");
        _host->addJob("fresh", "succeed");
        _host->start();
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "job"}).run().exitCode);
        const std::string run = _host->history("job").back().run;

        const auto ofRun = _host->carillon({"stop", run}).run();
        const auto ofJob = _host->carillon({"stop", "job"}).run();
        const auto never = _host->carillon({"stop", "fresh"}).run();

        CPPUNIT_ASSERT_EQUAL(1, ofRun.exitCode);
        CPPUNIT_ASSERT_EQUAL(1, ofJob.exitCode);
        CPPUNIT_ASSERT_EQUAL(1, never.exitCode);
        CPPUNIT_ASSERT_MESSAGE(ofRun.err, ofRun.err.starts_with("carillon: error: run " + run +
                                                                " of job has ended already: it succeeded at 20"));
        CPPUNIT_ASSERT_MESSAGE(ofJob.err, ofJob.err.starts_with("carillon: error: job has no run in progress; its last "
                                                                "one, " +
                                                                run + ", succeeded at 20"));
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: fresh has no run in progress, and never had one\n"),
                             never.err);
    }

    void whatIsNotThereIsWrongUsage() {
        _host->addJob("job", "succeed");
        _host->start();

        const auto result = _host->carillon({"stop", "jbo"}).run();

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(
            result.err,
            result.err.find("no job is named jbo, did you mean job? Nor is it a run in") != std::string::npos);
    }

    void runWithoutAHostIsStopped() {
        _host->addJob("job", "wait_for_stop");
        auto running = startRun("job");
        const std::string run = _host->history("job").back().run;

        const auto stopped = _host->carillon({"stop", "job"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(stopped.err, 0, stopped.exitCode);
        CPPUNIT_ASSERT_EQUAL("asked run " + run + " of job to end\n", stopped.out);
        CPPUNIT_ASSERT_EQUAL(1, running.wait().exitCode);
        const auto row = _host->history("job").back();
        CPPUNIT_ASSERT_EQUAL(std::string("stopped"), row.outcome);
        CPPUNIT_ASSERT_MESSAGE(row.message, row.message.starts_with("stopped by " + self()));
        CPPUNIT_ASSERT(_host->folder().log("job").find("run.stop_asked by=" + self()) != std::string::npos);
    }

    void nothingRunsWithoutAHost() {
        _host->addJob("job", "succeed");

        const auto result = _host->carillon({"stop", "job"}).run();

        CPPUNIT_ASSERT_EQUAL(1, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: job has no run in progress, and never had one\n"),
                             result.err);
    }

    void runThatIsGoneWithoutAHostIsNotStopped() {
        _host->addJob("job", "hang");
        auto running = startRun("job");
        const std::string run = _host->history("job").back().run;
        running.signal(SIGKILL);
        running.wait();

        const auto result = _host->carillon({"stop", run}).run();

        CPPUNIT_ASSERT_EQUAL(1, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(
            "carillon: error: run " + run + " of job has ended without a report: its process is gone\n", result.err);
    }

    void runOfAnotherProcessBesideAHostIsStopped() {
        _host->addJob("job", "wait_for_stop");
        auto running = startRun("job");
        _host->start();

        const auto stopped = _host->carillon({"stop", "job"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(stopped.err, 0, stopped.exitCode);
        CPPUNIT_ASSERT_EQUAL(1, running.wait().exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("stopped"), _host->history("job").back().outcome);
        CPPUNIT_ASSERT(!_host->process().hasEnded());
    }

    void hostThatDoesNotAnswerIsNotEnded() {
        _host->addJob("job", "wait_for_stop", "job.schedule = " + onceSoon() + "\n");
        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return countOf("running") == 1; }));
        std::filesystem::remove(_host->at("state/carillon.sock"));

        const auto result = _host->carillon({"stop", "job"}).run();

        CPPUNIT_ASSERT_EQUAL(1, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find(" does not answer, and run ") != std::string::npos);
        CPPUNIT_ASSERT(!_host->process().hasEnded());
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1}, countOf("running"));
    }

private:
    static std::string nameOf(uid_t user) {
        const passwd* const found = ::getpwuid(user);
        return found == nullptr ? "user " + std::to_string(user) : found->pw_name;
    }
    static std::string self() { return nameOf(::getuid()); }

    /// Returns once the task has begun, for the `times`th time.
    RunningCommand startRun(const std::string& job, std::size_t times = 1) const {
        const std::size_t before = begunOf(job) - (times - 1);
        auto running = _host->carillon({"run", job}).start();
        CPPUNIT_ASSERT(waitUntil([&] { return begunOf(job) >= before + times; }));
        return running;
    }

    std::size_t begunOf(const std::string& job) const {
        const std::string log = _host->folder().log(job);
        std::size_t begun = 0;
        for (std::size_t at = 0; (at = log.find("wait.began", at)) != std::string::npos; ++at) ++begun;
        return begun;
    }

    std::string stateOf(const std::string& job) const {
        return _host->status(job)->getArray("jobs")->getObject(0)->getValue<std::string>("state");
    }

    std::ptrdiff_t countOf(const std::string& outcome) const {
        const auto runs = _host->history("job");
        return std::count_if(runs.begin(), runs.end(), [&](const auto& run) { return run.outcome == outcome; });
    }

    std::unique_ptr<ServedHost> _host{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeStopTest);
