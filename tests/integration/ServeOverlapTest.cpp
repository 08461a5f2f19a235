#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "support/ServedHost.h"

using namespace std::chrono_literals;

/// How many runs there may be at once, of a job, a group and a host.
class ServeOverlapTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServeOverlapTest);
    CPPUNIT_TEST(slotIsSkippedForTheRunInProgress);
    CPPUNIT_TEST(queuedSlotsRunOneAfterTheOther);
    CPPUNIT_TEST(allowedSlotsRunAtOnce);
    CPPUNIT_TEST(replacedRunIsStopped);
    CPPUNIT_TEST(groupLimitsItsJobsAlone);
    CPPUNIT_TEST(workersLimitAllJobs);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _host = std::make_unique<ServedHost>("workers.max = 3\nworkers.group.narrow = 1\n"); }
    void tearDown() override { _host.reset(); }

    void slotIsSkippedForTheRunInProgress() {
        addEachSecond("job", "wait_for_stop", "");

        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return _host->ledger("job").size() >= 3; }));

        const auto slots = _host->ledger("job");
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(slots));
        CPPUNIT_ASSERT_EQUAL(std::string("ran"), slots[0].end);
        for (std::size_t i = 1; i < slots.size(); ++i) {
            CPPUNIT_ASSERT_EQUAL(std::string("skipped"), slots[i].end);
            CPPUNIT_ASSERT_EQUAL(std::string("overlap"), slots[i].reason);
            CPPUNIT_ASSERT_EQUAL(slots[0].run, slots[i].run);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _host->history("job").size());
    }

    void queuedSlotsRunOneAfterTheOther() {
        addEachSecond("job", "wait", "task.wait = 1300ms\njob.overlap = queue\n");

        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return _host->ledger("job").size() >= 4; }));

        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("job")));
        const auto runs = _host->history("job");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, mostAtOnce(runs));
        for (std::size_t i = 1; i < runs.size(); ++i)
            CPPUNIT_ASSERT_EQUAL(runs[i - 1].scheduledAt + kSecond, runs[i].scheduledAt);
        CPPUNIT_ASSERT(runs.back().startedAt - runs.back().scheduledAt > kSecond / 2);
    }

    void allowedSlotsRunAtOnce() {
        addEachSecond("job", "wait_for_stop", "job.overlap = allow\n");

        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("job").size() >= 3; }));

        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("job")));
        CPPUNIT_ASSERT_EQUAL(_host->history("job").size(), mostAtOnce(_host->history("job")));
    }

    void replacedRunIsStopped() {
        addEachSecond("job", "wait_for_stop", "job.overlap = replace\n");

        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return _host->ledger("job").size() >= 3; }));

        const auto runs = _host->history("job");
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("job")));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, mostAtOnce(runs));
        for (std::size_t i = 0; i + 1 < runs.size(); ++i)
            CPPUNIT_ASSERT_MESSAGE(runs[i].message,
                                   runs[i].message.find("replaced by the job's next slot") != std::string::npos);
    }

    void groupLimitsItsJobsAlone() {
        for (const auto* job : {"a", "b", "c"}) addEachSecond(job, "wait", "task.wait = 150ms\njob.group = narrow\n");
        addEachSecond("free", "succeed", "");

        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return _host->ledger("c").size() >= 3 && _host->ledger("a").size() >= 3; }));
        _host->stop();

        std::vector<HistoryRow> runs;
        for (const auto* job : {"a", "b", "c"}) {
            const auto more = _host->history(job);
            runs.insert(runs.end(), more.begin(), more.end());
            CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger(job)));
            CPPUNIT_ASSERT(std::all_of(more.begin(), more.end(), [](auto& run) { return run.outcome == "succeeded"; }));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, mostAtOnce(runs));
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("free")));
    }

    void workersLimitAllJobs() {
        const std::string once = "task.wait = 300ms\njob.schedule = " + onceSoon() + "\n";
        const std::vector<std::string> jobs{"a", "b", "c", "d", "e", "f", "g", "h"};
        for (const auto& job : jobs) _host->addJob(job, "wait", once);
        const auto allRuns = [&] {
            std::vector<HistoryRow> runs;
            for (const auto& job : jobs)
                for (const auto& run : _host->history(job))
                    if (run.finishedAt > 0) runs.push_back(run);
            return runs;
        };

        _host->start();
        CPPUNIT_ASSERT(waitUntil([&] { return allRuns().size() == jobs.size(); }));

        for (const auto& run : allRuns()) {
            CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), run.outcome);
            CPPUNIT_ASSERT(run.finishedAt - run.startedAt >= 300'000);
        }
        auto runs = allRuns();
        std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.startedAt < b.startedAt; });
        for (std::size_t i = 3; i < runs.size(); ++i)  // none counts the time in which it waited for its worker
            CPPUNIT_ASSERT(runs[i].startedAt + 50'000 >= runs[i - 3].finishedAt);
        const auto [first, last] = std::minmax_element(runs.begin(), runs.end(), finishedEarlier);
        CPPUNIT_ASSERT(last->finishedAt - first->finishedAt >= 500'000);  // three of them at a time
    }

private:
    void addEachSecond(const std::string& name, const std::string& trouble, const std::string& lines) const {
        _host->addJob(name, trouble, "job.schedule = * * * * * *\n" + lines);
    }

    static bool finishedEarlier(const HistoryRow& a, const HistoryRow& b) { return a.finishedAt < b.finishedAt; }

    /// Of runs that have not finished, the end is not known: they go on.
    static std::size_t mostAtOnce(const std::vector<HistoryRow>& runs) {
        std::size_t most = 0;
        for (const auto& run : runs) {
            const auto others = std::count_if(runs.begin(), runs.end(), [&run](const HistoryRow& other) {
                return other.startedAt <= run.startedAt && (other.finishedAt == 0 || other.finishedAt > run.startedAt);
            });
            most = std::max(most, static_cast<std::size_t>(others));
        }
        return most;
    }

    std::unique_ptr<ServedHost> _host{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeOverlapTest);
