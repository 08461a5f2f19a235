#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <memory>
#include <string>
#include <vector>

#include "support/ServedHost.h"

using namespace std::chrono_literals;

/// What the host makes of schedules.
class ServeFiringTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServeFiringTest);
    CPPUNIT_TEST(eachSlotRunsOnceAndOnTime);
    CPPUNIT_TEST(threadsOfTheHostRunTrustedTasks);
    CPPUNIT_TEST(pausedAndDisabledSlotsAreInTheLedger);
    CPPUNIT_TEST(failedRunIsTriedAgainUnderTheSameSlot);
    CPPUNIT_TEST(aTaskSaysWhenToTryAgainAndWhenNotTo);
    CPPUNIT_TEST(timeoutEndsARun);
    CPPUNIT_TEST(taskThatIgnoresItsTimeoutIsEnded);
    CPPUNIT_TEST(memoryLimitEndsARun);
    CPPUNIT_TEST(busyScheduleIsInForceWhileThereIsABacklog);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _host = std::make_unique<ServedHost>("jobs.enabled = job*\n"); }
    void tearDown() override { _host.reset(); }

    void eachSlotRunsOnceAndOnTime() {
        _host->addJob("job", "succeed", kEachSecond);

        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return _host->ledger("job").size() >= 4; }));
        _host->stop();

        const auto slots = _host->ledger("job");
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(slots));
        const auto runs = _host->history("job");
        CPPUNIT_ASSERT_EQUAL(slots.size(), runs.size());
        for (std::size_t i = 0; i < slots.size(); ++i) {
            CPPUNIT_ASSERT_EQUAL(std::string("ran"), slots[i].end);
            CPPUNIT_ASSERT_EQUAL(std::string("schedule"), slots[i].trigger);
            CPPUNIT_ASSERT_EQUAL(runs[i].run, slots[i].run);
            CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), runs[i].outcome);
            CPPUNIT_ASSERT_EQUAL(slots[i].slot, runs[i].scheduledAt);
            CPPUNIT_ASSERT(runs[i].startedAt >= slots[i].slot);
            CPPUNIT_ASSERT(runs[i].startedAt < slots[i].slot + kSecond);
        }
    }

    void threadsOfTheHostRunTrustedTasks() {
        _host->addJob("job", "wait_for_stop", "job.isolation = thread\njob.timeout = 100ms\njob.schedule = " + soon());

        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return !ended("job").empty(); }));

        CPPUNIT_ASSERT_EQUAL(std::string("the run reached its time limit"), ended("job").front().message);
        const std::string host = "wait.began pid=" + std::to_string(_host->process().pid());
        CPPUNIT_ASSERT_MESSAGE(_host->folder().log("job"), _host->folder().log("job").find(host) != std::string::npos);
    }

    void pausedAndDisabledSlotsAreInTheLedger() {
        _host->addJob("job", "succeed", kEachSecond);
        _host->addJob("unlisted", "succeed", kEachSecond);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"pause", "job"}).run().exitCode);

        _host->start();
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->ledger("job").size() >= 2 && _host->ledger("unlisted").size() >= 2; }));

        for (const auto& [job, reason] : {std::pair("job", "paused by "), std::pair("unlisted", "disabled")}) {
            const auto slots = _host->ledger(job);
            CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(slots));
            for (const auto& slot : slots) {
                CPPUNIT_ASSERT_EQUAL(std::string("skipped"), slot.end);
                CPPUNIT_ASSERT_MESSAGE(slot.reason, slot.reason.starts_with(reason));
            }
            CPPUNIT_ASSERT(_host->history(job).empty());
        }
    }

    void failedRunIsTriedAgainUnderTheSameSlot() {
        _host->addJob("job", "segfault", "job.retries = 2\njob.retry.delay = 50ms\njob.schedule = " + soon());

        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return ended("job").size() == 3; }));

        const auto runs = ended("job");
        for (std::size_t i = 0; i < runs.size(); ++i) {
            CPPUNIT_ASSERT_EQUAL(static_cast<int>(i) + 1, runs[i].attempt);
            CPPUNIT_ASSERT_EQUAL(std::string(i == 0 ? "schedule" : "retry"), runs[i].trigger);
            CPPUNIT_ASSERT_EQUAL(runs[0].scheduledAt, runs[i].scheduledAt);
        }
        const auto slots = _host->ledger("job");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, slots.size());
        CPPUNIT_ASSERT_EQUAL(runs[0].run, slots[0].run);
        CPPUNIT_ASSERT_EQUAL(std::string("idle"), stateOf("job"));
    }

    void aTaskSaysWhenToTryAgainAndWhenNotTo() {
        const std::string retries = "job.retries = 1\njob.retry.delay = 1ms\njob.schedule = ";
        _host->addJob("job-later", "retry_later", "task.wait = 2s\n" + retries + soon());
        _host->addJob("job-never", "give_up", retries + soon());

        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return ended("job-later").size() == 2 && !ended("job-never").empty(); }));

        const auto runs = ended("job-later");
        CPPUNIT_ASSERT_EQUAL(std::string("retry"), runs[1].trigger);
        CPPUNIT_ASSERT(runs[1].startedAt - runs[0].finishedAt >= 2 * kSecond);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, ended("job-never").size());
        const std::string history = _host->carillon({"history", "job-never", "--json"}).run().out;
        CPPUNIT_ASSERT_MESSAGE(history, history.find("\"given_up\":true") != std::string::npos);
    }

    void timeoutEndsARun() {
        _host->addJob("job", "wait_for_stop", "job.timeout = 200ms\njob.schedule = " + soon());

        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return !ended("job").empty(); }));

        const auto run = ended("job").front();
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), run.outcome);
        CPPUNIT_ASSERT(run.finishedAt - run.startedAt < kSecond);
    }

    void taskThatIgnoresItsTimeoutIsEnded() {
        _host->addJob("job", "hang", "job.timeout = 200ms\njob.schedule = " + soon());
        _host->addJob("job-beside", "succeed", kEachSecond);

        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return !ended("job").empty(); }, 30s));

        const auto run = ended("job").front();
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), run.outcome);
        CPPUNIT_ASSERT_MESSAGE(run.message, run.message.find("time limit") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("job-beside")));
    }

    void memoryLimitEndsARun() {
        _host->addJob("job", "leak", "job.memory = 64M\njob.schedule = " + soon());

        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return !ended("job").empty(); }));

        CPPUNIT_ASSERT_EQUAL(std::string("ran out of its memory limit of 64M (job.memory)"),
                             ended("job").front().message);
    }

    void busyScheduleIsInForceWhileThereIsABacklog() {
        const std::string lines = "job.busy_schedule = * * * * * *\njob.schedule = " + soon() + "\n";
        _host->addJob("job", "backlog", lines);

        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return _host->ledger("job").size() >= 3; }));
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("job")));

        _host->addJob("job", "succeed", lines);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"reload"}).run().exitCode);
        CPPUNIT_ASSERT(waitUntil([this] { return ended("job").back().message == "all went well"; }));

        const auto next = jobStatus("job").getValue<std::string>("next");
        const auto second = std::stoi(lines.substr(lines.rfind("= ") + 2));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(next, second, std::stoi(next.substr(17, 2)));
    }

private:
    inline static const std::string kEachSecond = "job.schedule = * * * * * *\n";

    static std::string soon() { return onceSoon() + "\n"; }

    std::vector<HistoryRow> ended(const std::string& job) const {
        auto runs = _host->history(job);
        std::erase_if(runs, [](const HistoryRow& run) { return run.finishedAt == 0; });
        return runs;
    }

    Poco::JSON::Object jobStatus(const std::string& job) const {
        return *_host->status(job)->getArray("jobs")->getObject(0);
    }
    std::string stateOf(const std::string& job) const { return jobStatus(job).getValue<std::string>("state"); }

    std::unique_ptr<ServedHost> _host{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeFiringTest);
