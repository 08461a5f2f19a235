#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

#include "Poco/JSON/Array.h"
#include "support/ServedHost.h"

using namespace std::chrono_literals;

/// The verbs pause, resume and reload.
class ServeControlTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServeControlTest);
    CPPUNIT_TEST(pauseTakesPatternsAndSurvivesARestart);
    CPPUNIT_TEST(pauseWithoutAHostIsForTheNextOne);
    CPPUNIT_TEST(pausedJobStillRunsWhenAskedFor);
    CPPUNIT_TEST(reloadPrintsTheDifference);
    CPPUNIT_TEST(hangupReloads);
    CPPUNIT_TEST(reloadLeavesARunInProgressAlone);
    CPPUNIT_TEST(badConfigurationIsRefusedWithTheReason);
    CPPUNIT_TEST(badJobIsRefusedWithTheReason);
    CPPUNIT_TEST(keyThatTheTaskRefusesIsRefused);
    CPPUNIT_TEST(badRowLeavesTheOthersAlone);
    CPPUNIT_TEST(folderOfTheStateCannotChange);
    CPPUNIT_TEST(removedJobFiresNoMore);
    CPPUNIT_TEST(reloadWithoutAHostLeavesOne);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _host = std::make_unique<ServedHost>();
        _host->addJob("job", "succeed", kEachSecond);
    }
    void tearDown() override { _host.reset(); }

    void pauseTakesPatternsAndSurvivesARestart() {
        addInstances("name\na1\na2\nb1\n");
        _host->start();

        const auto pause = _host->carillon({"pause", "row@a*"}).run();
        const auto again = _host->carillon({"pause", "row@*"}).run();
        const auto resume = _host->carillon({"resume", "row@b1"}).run();
        _host->stop();
        _host->start();

        CPPUNIT_ASSERT_EQUAL(std::string("paused row@a1\npaused row@a2\n"), pause.out);
        CPPUNIT_ASSERT_EQUAL(std::string("paused row@b1\n"), again.out);
        CPPUNIT_ASSERT_EQUAL(std::string("2 jobs were paused already\n"), again.err);
        CPPUNIT_ASSERT_EQUAL(std::string("resumed row@b1\n"), resume.out);
        CPPUNIT_ASSERT_EQUAL(std::string("paused"), stateOf("row@a1"));
        CPPUNIT_ASSERT(stateOf("row@b1") != "paused");
        CPPUNIT_ASSERT_EQUAL(2, _host->carillon({"pause", "nothing*"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"resume", "row@*"}).run().exitCode);
        CPPUNIT_ASSERT(waitUntil([this] {
            const auto slots = _host->ledger("row@a1");
            return !slots.empty() && slots.back().end == "ran";
        }));
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("row@a1")));
    }

    void pauseWithoutAHostIsForTheNextOne() {
        const auto pause = _host->carillon({"pause", "job"}).run();
        _host->start();

        CPPUNIT_ASSERT_EQUAL(std::string("paused job\n"), pause.out);
        CPPUNIT_ASSERT_EQUAL(std::string("paused"), stateOf("job"));
        _host->stop();
        CPPUNIT_ASSERT_EQUAL(std::string("resumed job\n"), _host->carillon({"resume", "job"}).run().out);
        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return !_host->history("job").empty(); }));
    }

    void pausedJobStillRunsWhenAskedFor() {
        _host->start();
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"pause", "job"}).run().exitCode);

        // A run that was due in the moment before the pause may still go on.
        const auto result = _host->carillon({"run", "job", "--wait"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("paused"), stateOf("job"));
    }

    void reloadPrintsTheDifference() {
        addInstances("name\na1\n");
        _host->start();
        addInstances("name\na2\na3\n");
        _host->addJob("job", "succeed", "job.schedule = @daily\n");

        const auto changed = _host->carillon({"reload"}).run();
        const auto unchanged = _host->carillon({"reload"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(changed.err, 0, changed.exitCode);
        for (const auto* line : {"~ job job: job.schedule * * * * * * -> @daily\n", "+ 2 instances of row: a2, a3\n",
                                 "- 1 instance of row: a1\n"})
            CPPUNIT_ASSERT_MESSAGE(changed.out, changed.out.find(line) != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("nothing has changed\n"), unchanged.out);
    }

    void hangupReloads() {
        _host->start();
        _host->addJob("fresh", "succeed", kEachSecond);

        _host->process().signal(SIGHUP);

        CPPUNIT_ASSERT(waitUntil([this] { return !_host->history("fresh").empty(); }));
        CPPUNIT_ASSERT(_host->log().find("config.reloaded") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("job")));
    }

    void reloadLeavesARunInProgressAlone() {
        _host->addJob("long", "wait", "task.wait = 1s\n");
        _host->start();
        auto running = _host->carillon({"run", "long"}).start();
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->folder().log("long").find("wait.began") != std::string::npos; }));
        _host->addJob("long", "fail");

        const auto reload = _host->carillon({"reload"}).run();

        CPPUNIT_ASSERT_EQUAL(0, reload.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("running"), stateOf("long"));
        CPPUNIT_ASSERT_EQUAL(0, running.wait().exitCode);
        CPPUNIT_ASSERT_EQUAL(1, _host->carillon({"run", "long"}).run().exitCode);
    }

    void badConfigurationIsRefusedWithTheReason() {
        _host->start();
        const std::string before = _host->folder().read("carillon.properties");
        _host->folder().write("carillon.properties", before + "workers.max = x\n");

        const auto result = _host->carillon({"reload"}).run();
        _host->process().signal(SIGHUP);

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("workers.max = x, expected a whole") != std::string::npos);
        CPPUNIT_ASSERT(waitUntil([this] { return _host->log().find("config.kept") != std::string::npos; }));
        CPPUNIT_ASSERT_MESSAGE(_host->log(), _host->log().find("workers.max = x, expected") != std::string::npos);
        _host->folder().write("carillon.properties", before);
        goesOnFiring();
    }

    void badJobIsRefusedWithTheReason() {
        refusesReload([this] { _host->addJob("job", "succeed", "job.schedule = 61 * * * *\n"); }, "job.schedule");
    }

    void keyThatTheTaskRefusesIsRefused() {
        refusesReload([this] { _host->addJob("job", "succeed", std::string(kEachSecond) + "task.lines = many\n"); },
                      "task.lines = many");
    }

    void badRowLeavesTheOthersAlone() {
        addInstances("name\na1\n");
        _host->start();
        addInstances("name\na1\nbad name!\na2\n");

        const auto reload = _host->carillon({"reload"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(reload.err, 0, reload.exitCode);
        CPPUNIT_ASSERT_MESSAGE(reload.err, reload.err.find("row.instances.csv:3") != std::string::npos);
        CPPUNIT_ASSERT(waitUntil([this] { return !_host->history("row@a2").empty(); }));
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("row@a1")));
        CPPUNIT_ASSERT_MESSAGE("", _host->problems().find("row.instances.csv:3") != std::string::npos);
    }

    void folderOfTheStateCannotChange() {
        _host->start();
        const std::string before = _host->folder().read("carillon.properties");
        _host->folder().write("carillon.properties", before + "state.dir = elsewhere\n");

        _host->process().signal(SIGHUP);

        CPPUNIT_ASSERT(waitUntil([this] { return _host->log().find("config.kept") != std::string::npos; }));
        CPPUNIT_ASSERT_MESSAGE(
            _host->log(),
            _host->log().find("state.dir cannot change while the host runs: restart it") != std::string::npos);
        _host->folder().write("carillon.properties", before);
        goesOnFiring();
    }

    void removedJobFiresNoMore() {
        _host->addJob("gone", "succeed", kEachSecond);
        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return !_host->history("gone").empty(); }));
        std::filesystem::remove(_host->at("jobs/gone.properties"));

        CPPUNIT_ASSERT_EQUAL(std::string("- job gone\n"), _host->carillon({"reload"}).run().out);
        const auto slots = _host->ledger("job").size();
        CPPUNIT_ASSERT(waitUntil([&] { return _host->ledger("job").size() >= slots + 2; }));

        _host->addJob("gone", "succeed");
        const auto runs = _host->history("gone");
        CPPUNIT_ASSERT(runs.back().scheduledAt <= _host->ledger("job")[slots].slot);
    }

    void reloadWithoutAHostLeavesOne() {
        const auto result = _host->carillon({"reload"}).run();

        CPPUNIT_ASSERT_EQUAL(1, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("no host runs on ") != std::string::npos);
    }

private:
    inline static const std::string kEachSecond = "job.schedule = * * * * * *\n";

    void addInstances(const std::string& rows) const {
        _host->addJob("row", "succeed", kEachSecond);
        _host->folder().write("jobs/row.instances.csv", rows);
    }

    /// The host goes on as before.
    template <typename Change>
    void refusesReload(Change change, const std::string& reason) {
        _host->start();
        change();

        const auto result = _host->carillon({"reload"}).run();

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find(reason) != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("carillon: error: not reloaded: ") != std::string::npos);
        CPPUNIT_ASSERT(_host->log().find("config.kept") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(), result.out);
        const std::string problems = _host->carillon({"status"}).run().err;
        CPPUNIT_ASSERT_MESSAGE(problems, problems.find("carillon: error: the last reload was refused, and the "
                                                       "configuration before it is in force: ") != std::string::npos);
        goesOnFiring();
    }

    void goesOnFiring() const {
        const auto slots = _host->ledger("job").size();
        CPPUNIT_ASSERT(waitUntil([&] { return _host->ledger("job").size() >= slots + 2; }));
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("job")));
    }

    std::string stateOf(const std::string& job) const {
        return _host->status(job)->getArray("jobs")->getObject(0)->getValue<std::string>("state");
    }

    std::unique_ptr<ServedHost> _host{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeControlTest);
