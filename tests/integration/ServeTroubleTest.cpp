#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <memory>
#include <string>

#include "Poco/StringTokenizer.h"
#include "support/ServedHost.h"

using namespace std::chrono_literals;

/// A task that makes trouble each second, beside one that does not and is never disturbed.
class ServeTroubleTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServeTroubleTest);
    CPPUNIT_TEST(segfaultFailsItsRunAlone);
    CPPUNIT_TEST(abortFailsItsRunAlone);
    CPPUNIT_TEST(exitFailsItsRunAlone);
    CPPUNIT_TEST(killedWorkerFailsItsRunAlone);
    CPPUNIT_TEST(anyExceptionFailsItsRunAlone);
    CPPUNIT_TEST(hangFailsItsRunAlone);
    CPPUNIT_TEST(rubbishInThePipeHarmsNobody);
    CPPUNIT_TEST(closedDescriptorsFailTheirRunAlone);
    CPPUNIT_TEST(closedDescriptorsAndAHangFailTheirRunAlone);
    CPPUNIT_TEST(forkedProcessIsEndedWithItsRun);
    CPPUNIT_TEST(leakFailsItsRunAlone);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _host = std::make_unique<ServedHost>();
        _host->addJob("neighbour", "succeed", kEachSecond);
    }
    void tearDown() override { _host.reset(); }

    void segfaultFailsItsRunAlone() { fails("segfault", "the plugin crashed with SIGSEGV (Segmentation fault)"); }
    void abortFailsItsRunAlone() { fails("abort", "the plugin crashed with SIGABRT (Aborted)"); }
    void exitFailsItsRunAlone() { fails("exit", "the plugin ended the process with exit code 0 before its report"); }
    void killedWorkerFailsItsRunAlone() { fails("kill_self", "SIGKILL"); }
    void anyExceptionFailsItsRunAlone() { fails("throw_int", "exception"); }
    void hangFailsItsRunAlone() {
        fails("hang", "did not end within its time limit of 300ms, and was ended", "job.timeout = 300ms\n", 1);
    }
    void rubbishInThePipeHarmsNobody() { disturbs("scribble", "", 3); }
    void closedDescriptorsFailTheirRunAlone() { fails("close_all", ""); }
    void closedDescriptorsAndAHangFailTheirRunAlone() {
        fails("close_all_and_hang", "and was ended", "job.timeout = 300ms\n", 1);
    }
    void forkedProcessIsEndedWithItsRun() {
        disturbs("fork", "", 3);

        const auto runs = ended();
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), runs.front().outcome);
        for (const auto& run : runs) CPPUNIT_ASSERT_EQUAL(pid_t{0}, parentOf(std::stoi(run.message)));
    }
    void leakFailsItsRunAlone() {
        fails("leak", "ran out of its memory limit of 64M (job.memory)", "job.memory = 64M\n");
    }

private:
    inline static const std::string kEachSecond = "job.schedule = * * * * * *\n";

    /// Runs that ended, oldest first.
    std::vector<HistoryRow> ended() const {
        auto runs = _host->history("trouble");
        std::erase_if(runs, [](const HistoryRow& run) { return run.finishedAt == 0; });
        return runs;
    }

    void fails(const std::string& trouble, const std::string& message, const std::string& lines = {},
               std::size_t times = 3) {
        disturbs(trouble, lines, times);

        for (const auto& run : ended()) {
            CPPUNIT_ASSERT_EQUAL(std::string("failed"), run.outcome);
            CPPUNIT_ASSERT_MESSAGE(run.message, run.message.find(message) != std::string::npos);
        }
    }

    void disturbs(const std::string& trouble, const std::string& lines, std::size_t times) {
        _host->addJob("trouble", trouble, kEachSecond + lines);
        _host->start();

        CPPUNIT_ASSERT(waitUntil([&] { return ended().size() >= times; }, 30s));

        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("trouble")));
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("neighbour")));
        for (const auto& run : _host->history("neighbour")) {
            CPPUNIT_ASSERT_EQUAL(std::string("schedule"), run.trigger);
            CPPUNIT_ASSERT(run.startedAt - run.scheduledAt < kSecond);
            CPPUNIT_ASSERT_MESSAGE(run.message, run.outcome == "succeeded" || run.finishedAt == 0);
        }
        for (const auto& problem :
             Poco::StringTokenizer(_host->problems(), "\n", Poco::StringTokenizer::TOK_IGNORE_EMPTY))
            CPPUNIT_ASSERT_MESSAGE(problem, problem.starts_with("carillon: error: job trouble failed ") ||
                                                problem.starts_with("carillon: error: job trouble has failed "));
        // Four workers at most, and what has ended is waited for.
        const auto hasOnlyWorkers = [this] { return childrenOf(_host->process().pid()).size() <= 4; };
        CPPUNIT_ASSERT(waitUntil(hasOnlyWorkers));
    }

    std::unique_ptr<ServedHost> _host{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeTroubleTest);
