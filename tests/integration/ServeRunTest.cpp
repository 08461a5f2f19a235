#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "Poco/JSON/Parser.h"
#include "support/ServedHost.h"

using namespace std::chrono_literals;

/// The verbs run and replay while a host runs: it is the host that does it.
class ServeRunTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServeRunTest);
    CPPUNIT_TEST(runTakesPlaceInTheHost);
    CPPUNIT_TEST(runThatFailsLeavesOne);
    CPPUNIT_TEST(jsonIsTheReport);
    CPPUNIT_TEST(verboseShowsLogLines);
    CPPUNIT_TEST(terminalShowsABar);
    CPPUNIT_TEST(setOverridesKeysForThisRun);
    CPPUNIT_TEST(keyThatTheTaskDoesNotKnowLeavesTwo);
    CPPUNIT_TEST(timeoutEndsTheRun);
    CPPUNIT_TEST(warningsLeaveZeroUnlessStrict);
    CPPUNIT_TEST(secondRunIsRefused);
    CPPUNIT_TEST(secondRunThatWaitsRunsAfterTheFirst);
    CPPUNIT_TEST(interruptStopsTheRun);
    CPPUNIT_TEST(terminationFailsTheRun);
    CPPUNIT_TEST(secondInterruptEndsIt);
    CPPUNIT_TEST(runGoesOnWithoutItsCommand);
    CPPUNIT_TEST(interruptedWaitLeavesTheQueue);
    CPPUNIT_TEST(replayTakesPlaceInTheHost);
    CPPUNIT_TEST(newJobIsRefusedUntilAReload);
    CPPUNIT_TEST(slotOfAJobThatWasAskedForIsSkipped);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _host = std::make_unique<ServedHost>();
        _host->addJob("job", "succeed");
        _host->start();
    }
    void tearDown() override { _host.reset(); }

    void runTakesPlaceInTheHost() {
        auto running = startRun("wait_for_stop");

        const std::string log = _host->folder().log("job");
        const pid_t worker = std::stoi(log.substr(log.find("pid=") + 4));
        CPPUNIT_ASSERT_EQUAL(_host->process().pid(), parentOf(worker));
        CPPUNIT_ASSERT_EQUAL(std::string("running"), lastRun().outcome);
        CPPUNIT_ASSERT_EQUAL(std::string("cli"), lastRun().trigger);
        const auto job = _host->status("job")->getArray("jobs")->getObject(0);
        CPPUNIT_ASSERT_EQUAL(std::string("running"), job->getValue<std::string>("state"));
        CPPUNIT_ASSERT_EQUAL(lastRun().run, job->getValue<std::string>("run"));
    }

    void runThatFailsLeavesOne() {
        const auto result = run("segfault");

        CPPUNIT_ASSERT_EQUAL(1, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(
            result.out, result.out.starts_with("job failed: the plugin crashed with SIGSEGV (Segmentation fault), "));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), lastRun().outcome);
    }

    void jsonIsTheReport() {
        const auto result = run("succeed", {"--json"});

        const auto report = Poco::JSON::Parser().parse(result.out).extract<Poco::JSON::Object::Ptr>();
        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(lastRun().run, report->getValue<std::string>("run"));
        CPPUNIT_ASSERT_EQUAL(std::string("cli"), report->getValue<std::string>("trigger"));
        CPPUNIT_ASSERT_EQUAL(std::string("test-host"), report->getValue<std::string>("host"));
        CPPUNIT_ASSERT_EQUAL(3, report->getObject("counters")->getValue<int>("items"));
    }

    void verboseShowsLogLines() {
        const auto quiet = run("log", {"--set", "task.lines=3"});
        const auto verbose = run("log", {"--set", "task.lines=3", "-v"});

        CPPUNIT_ASSERT_EQUAL(std::string(), quiet.err);
        for (const auto* line : {"run.started trigger=cli", "step.done step=0\nstep.done step=1\nstep.done step=2\n"})
            CPPUNIT_ASSERT_MESSAGE(verbose.err, verbose.err.find(line) != std::string::npos);
    }

    void terminalShowsABar() {
        const auto result = runCommand("progress_slowly").onTerminal().run();

        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(
            result.out, result.out.find("5/10") != std::string::npos || result.out.find("50 %") != std::string::npos);
        CPPUNIT_ASSERT(result.out.find("succeeded") != std::string::npos);
    }

    void setOverridesKeysForThisRun() {
        CPPUNIT_ASSERT_EQUAL(0, run("nothing").exitCode);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "job"}).run().exitCode);

        const auto runs = _host->history("job");
        CPPUNIT_ASSERT_EQUAL(std::string("nothing_to_do"), runs[0].outcome);
        CPPUNIT_ASSERT_EQUAL(std::string("all went well"), runs[1].message);
    }

    void keyThatTheTaskDoesNotKnowLeavesTwo() {
        const auto result = run("succeed", {"--set", "task.nothing=1", "--set", "task.lines=x"});

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string(), result.out);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("task.nothing") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("task.lines = x") != std::string::npos);
    }

    void timeoutEndsTheRun() {
        const auto result = run("wait_for_stop", {"--timeout", "200ms"});

        CPPUNIT_ASSERT_EQUAL(1, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.out, result.out.starts_with("job failed: the run "));
        CPPUNIT_ASSERT(lastRun().finishedAt - lastRun().startedAt < kSecond);
    }

    void warningsLeaveZeroUnlessStrict() {
        const auto lax = run("warn");
        const auto strict = run("warn", {"--strict"});

        CPPUNIT_ASSERT_EQUAL(0, lax.exitCode);
        CPPUNIT_ASSERT_EQUAL(1, strict.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: warning: one item was put aside\n"), lax.err);
    }

    void secondRunIsRefused() {
        auto first = startRun("wait_for_stop");

        const auto second = run("succeed");

        CPPUNIT_ASSERT_EQUAL(75, second.exitCode);
        CPPUNIT_ASSERT_MESSAGE(second.err,
                               second.err.find("running already: run " + lastRun().run) != std::string::npos);
        const auto slots = _host->ledger("job");
        CPPUNIT_ASSERT_EQUAL(std::string("overlap"), slots.back().reason);
        CPPUNIT_ASSERT_EQUAL(std::string("cli"), slots.back().trigger);
    }

    void secondRunThatWaitsRunsAfterTheFirst() {
        auto first = startRun("wait_for_stop");
        auto second = runCommand("succeed", {"--wait"}).start();
        CPPUNIT_ASSERT(waitUntil([this] { return waitingInHost() == 1; }));

        first.signal(SIGINT);
        first.wait();

        CPPUNIT_ASSERT_EQUAL(0, second.wait().exitCode);
        const auto runs = _host->history("job");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, runs.size());
        CPPUNIT_ASSERT(runs[1].startedAt >= runs[0].finishedAt);
    }

    void interruptStopsTheRun() {
        auto running = startRun("wait_for_stop");

        running.signal(SIGINT);
        const auto result = running.wait();

        CPPUNIT_ASSERT_EQUAL(130, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("stopped"), lastRun().outcome);
        CPPUNIT_ASSERT_MESSAGE(lastRun().message, lastRun().message.starts_with("stopped by "));
    }

    /// It may be a time limit or the end of the machine: nobody wanted it.
    void terminationFailsTheRun() {
        auto running = startRun("wait_for_stop");

        running.signal(SIGTERM);

        CPPUNIT_ASSERT_EQUAL(143, running.wait().exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), lastRun().outcome);
        CPPUNIT_ASSERT_EQUAL(std::string("the run was asked to stop (stopped by SIGTERM)"), lastRun().message);
    }

    void secondInterruptEndsIt() {
        auto running = startRun("hang");
        const auto begin = std::chrono::steady_clock::now();

        running.signal(SIGINT);
        CPPUNIT_ASSERT(!waitUntil([&running] { return running.hasEnded(); }, 300ms));
        running.signal(SIGINT);

        CPPUNIT_ASSERT_EQUAL(130, running.wait().exitCode);
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begin < 5s);
        CPPUNIT_ASSERT_MESSAGE(lastRun().message, lastRun().message.ends_with("and was ended"));
    }

    void runGoesOnWithoutItsCommand() {
        auto running = startRun("wait", {"--set", "task.wait=500ms"});

        running.signal(SIGKILL);
        running.wait();

        CPPUNIT_ASSERT(waitUntil([this] { return lastRun().outcome == "succeeded"; }));
    }

    void interruptedWaitLeavesTheQueue() {
        auto first = startRun("wait_for_stop");
        auto second = runCommand("succeed", {"--wait"}).start();
        CPPUNIT_ASSERT(waitUntil([this] { return waitingInHost() == 1; }));

        second.signal(SIGINT);

        CPPUNIT_ASSERT_EQUAL(130, second.wait().exitCode);
        CPPUNIT_ASSERT(waitUntil([this] { return waitingInHost() == 0; }));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _host->history("job").size());
    }

    void replayTakesPlaceInTheHost() {
        const auto some = _host->carillon({"replay", "job", "1", "2"}).run();
        const auto all = _host->carillon({"replay", "job", "--all"}).run();

        CPPUNIT_ASSERT_EQUAL(0, some.exitCode);
        CPPUNIT_ASSERT_MESSAGE(some.out, some.out.starts_with("job succeeded: replayed 2"));
        CPPUNIT_ASSERT_MESSAGE(all.out, all.out.starts_with("job succeeded: replayed all"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _host->history("job").size());
    }

    void newJobIsRefusedUntilAReload() {
        _host->addJob("fresh", "succeed");

        const auto before = _host->carillon({"run", "fresh"}).run();
        const auto reload = _host->carillon({"reload"}).run();
        const auto after = _host->carillon({"run", "fresh"}).run();

        CPPUNIT_ASSERT_EQUAL(1, before.exitCode);
        CPPUNIT_ASSERT_MESSAGE(before.err, before.err.find("carillon reload") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(0, reload.exitCode);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(after.err, 0, after.exitCode);
    }

    void slotOfAJobThatWasAskedForIsSkipped() {
        _host->addJob("job", "succeed", "job.schedule = * * * * * *\n");
        auto running = startRun("wait_for_stop");

        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"reload"}).run().exitCode);

        CPPUNIT_ASSERT(waitUntil([this] {
            const auto slots = _host->ledger("job");
            return std::count_if(slots.begin(), slots.end(),
                                 [](auto& slot) { return slot.trigger == "schedule" && slot.reason == "overlap"; }) > 1;
        }));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _host->history("job").size());
    }

private:
    Command runCommand(const std::string& trouble, const std::vector<std::string>& more = {}) const {
        std::vector<std::string> words{"run", "job", "--set", "task.run=" + trouble};
        words.insert(words.end(), more.begin(), more.end());
        return _host->carillon(words);
    }
    CommandResult run(const std::string& trouble, const std::vector<std::string>& more = {}) const {
        return runCommand(trouble, more).run();
    }
    /// Returns once the task has begun.
    RunningCommand startRun(const std::string& trouble, const std::vector<std::string>& more = {}) const {
        auto running = runCommand(trouble, more).start();
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->folder().log("job").find("wait.began") != std::string::npos; }));
        return running;
    }

    HistoryRow lastRun() const { return _host->history("job").back(); }

    /// Runs that somebody asked for and that wait for another one.
    int waitingInHost() const { return _host->status()->getObject("counts")->getValue<int>("waiting"); }

    std::unique_ptr<ServedHost> _host{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeRunTest);
