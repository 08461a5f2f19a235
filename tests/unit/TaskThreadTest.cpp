#include "worker/TaskThread.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "Poco/Logger.h"
#include "TroubleFixture.h"

using namespace carillon;
using namespace std::chrono_literals;

class TaskThreadTest : public TroubleFixture {
    CPPUNIT_TEST_SUITE(TaskThreadTest);
    CPPUNIT_TEST(taskRunsInTheCallersThread);
    CPPUNIT_TEST(everyVerbIsAnswered);
    CPPUNIT_TEST(whatIsThrownIsTheErrorAndTheNextRunIsRight);
    CPPUNIT_TEST(faultsAreToldAndNothingRuns);
    CPPUNIT_TEST(taskThatIsGivenUpIsNotCalled);
    CPPUNIT_TEST(refusedLibraryIsTheError);
    CPPUNIT_TEST(timeLimitIsInTheToken);
    CPPUNIT_TEST(requestToStopFromAnotherThreadStopsOneRunOnly);
    CPPUNIT_TEST(secretsAreHiddenForOneRun);
    CPPUNIT_TEST(levelsAreHeeded);
    CPPUNIT_TEST(ticksComeWithProgress);
    CPPUNIT_TEST(runsLeaveNoLoggerBehind);
    CPPUNIT_TEST(manyThreadsShareOneLibrary);
    CPPUNIT_TEST_SUITE_END();

public:
    void taskRunsInTheCallersThread() {
        TaskThread seat(plugins());

        seat.start(request({{"run", "wait_for_stop"}}), listener());
        CPPUNIT_ASSERT(seat.waitUntilPrepared());
        seat.begin({}, 1ms);
        seat.finish();

        CPPUNIT_ASSERT_EQUAL("wait.began pid=" + std::to_string(::getpid()), _log.at(0));
    }

    void everyVerbIsAnswered() {
        TaskThread seat(plugins());

        CPPUNIT_ASSERT_EQUAL(std::string("all went well"), runOn(seat, request({})).report->message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("replayed 2"), replayTwo(seat).report->message.text);
        CPPUNIT_ASSERT_EQUAL(std::string(), runOn(seat, request({}, "Troublemaker", Verb::Check)).error.text);
        CPPUNIT_ASSERT_EQUAL(std::string(), runOn(seat, request({}, "Troublemaker", Verb::Rejects)).error.text);
        CPPUNIT_ASSERT_EQUAL(std::string(), runOn(seat, request({}, "Troublemaker", Verb::Configure)).error.text);
        CPPUNIT_ASSERT_EQUAL(std::string(), runOn(seat, request({}, "", Verb::Describe)).error.text);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _checks.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, _rejects.size());
        CPPUNIT_ASSERT_EQUAL(std::string("Troublemaker"), _plugins.at(0).name);
    }

    void whatIsThrownIsTheErrorAndTheNextRunIsRight() {
        TaskThread seat(plugins());
        for (const auto& [keys, error] : std::vector<std::pair<Keys, std::string>>{
                 {{{"run", "throw_poco"}}, "run fails with Poco"},
                 {{{"run", "throw_std"}}, "run fails with std"},
                 {{{"run", "throw_int"}}, "an exception that is no std::exception"},
                 {{{"configure", "throw_std"}}, "configure fails"}}) {
            const WorkerEnd end = runOn(seat, request(keys));

            CPPUNIT_ASSERT(!end.report);
            CPPUNIT_ASSERT_EQUAL(error, end.error.text);
            CPPUNIT_ASSERT(runOn(seat, request({})).report);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("the constructor fails"),
                             runOn(seat, request({}, "ThrowsInConstructor")).error.text);
    }

    void faultsAreToldAndNothingRuns() {
        TaskThread seat(plugins());

        const WorkerEnd end = runOn(seat, request({{"lines", "many"}, {"lnes", "1"}}));

        CPPUNIT_ASSERT(!end.report && end.error.text.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _faults.size());
    }

    void taskThatIsGivenUpIsNotCalled() {
        TaskThread seat(plugins());
        seat.start(request({{"run", "abort"}}), listener());
        CPPUNIT_ASSERT(seat.waitUntilPrepared());

        const WorkerEnd end = seat.finish();

        CPPUNIT_ASSERT(!end.report && end.error.text.empty());
    }

    void refusedLibraryIsTheError() {
        TaskThread seat(plugins());
        auto missing = request({});
        missing.library += ".missing";

        CPPUNIT_ASSERT(runOn(seat, missing).error.text.starts_with(missing.library + ": No such file"));
        CPPUNIT_ASSERT(runOn(seat, request({})).report);
    }

    void timeLimitIsInTheToken() {
        TaskThread seat(plugins());

        CPPUNIT_ASSERT_EQUAL(std::string("the run reached its time limit"),
                             runOn(seat, request({{"run", "wait_for_stop"}}), 20ms).error.text);
    }

    void requestToStopFromAnotherThreadStopsOneRunOnly() {
        TaskThread seat(plugins());
        std::atomic<bool> began{false};
        auto noting = listener();
        noting.onMessage = Hearing([&began](const LogMessage&) { began = true; });
        std::thread stopper([&seat, &began] {
            while (!began) std::this_thread::yield();
            seat.requestStop("stopped by the test");
        });

        seat.start(request({{"run", "wait_for_stop"}}), noting);
        seat.begin({}, 0ms);
        const WorkerEnd end = seat.finish();
        stopper.join();

        CPPUNIT_ASSERT_EQUAL(std::string("the run was asked to stop"), end.error.text);
        CPPUNIT_ASSERT_EQUAL(std::string("the run reached its time limit"),
                             runOn(seat, request({{"run", "wait_for_stop"}}), 20ms).error.text);
    }

    void secretsAreHiddenForOneRun() {
        TaskThread seat(plugins());

        const WorkerEnd end = runOn(seat, request({{"run", "tell_secrets"}, {"secret", "hunter2"}}));
        const WorkerEnd thrown = runOn(seat, request({{"run", "throw_secret"}, {"secret", "hunter2"}}));
        const WorkerEnd concealed = runOn(seat, request({{"run", "conceal"}}));
        runOn(seat, request({{"lines", "hunter2"}}));

        CPPUNIT_ASSERT_EQUAL(std::string("the secret is [secret]"), end.report->message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("it is [secret]"), end.report->warnings.at(0).text);
        CPPUNIT_ASSERT(logged("secret.told value=[secret]"));
        CPPUNIT_ASSERT_EQUAL(std::string("[secret]"), _progress.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("the key [secret] is wrong"), thrown.error.text);
        CPPUNIT_ASSERT_EQUAL(std::string("it was [secret]"), concealed.report->message.text);
        CPPUNIT_ASSERT(_faults.at(0).problem.text.starts_with("= hunter2,"));
    }

    void levelsAreHeeded() {
        TaskThread seat(plugins());
        _logLevel = Poco::Message::PRIO_ERROR;

        runOn(seat, request({{"run", "log_levels"}}));

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _log.size());
        CPPUNIT_ASSERT_EQUAL(std::string("an.error"), _log[0]);
    }

    void ticksComeWithProgress() {
        TaskThread seat(plugins());
        int ticks = 0;
        auto ticking = listener();
        ticking.onTick = [&ticks] { ++ticks; };

        seat.start(request({{"run", "progress"}}), ticking);
        seat.begin({}, 0ms);
        seat.finish();

        CPPUNIT_ASSERT(ticks > 0);
        CPPUNIT_ASSERT_EQUAL(_progress.size(), static_cast<std::size_t>(ticks));
    }

    void runsLeaveNoLoggerBehind() {
        TaskThread seat(plugins());
        std::vector<std::string> before;
        std::vector<std::string> after;
        Poco::Logger::names(before);

        for (int i = 0; i < 100; ++i) runOn(seat, request({{"run", "log"}}));

        Poco::Logger::names(after);
        CPPUNIT_ASSERT(before == after);
        CPPUNIT_ASSERT_EQUAL(std::size_t{100}, _log.size());
    }

    void manyThreadsShareOneLibrary() {
        constexpr int kThreads = 4;
        constexpr int kRuns = 50;
        std::atomic<int> right{0};
        std::mutex mutex;
        std::set<std::string> runs;
        std::vector<std::thread> threads;
        for (int i = 0; i < kThreads; ++i)
            threads.emplace_back([this, &right, &mutex, &runs, i] {
                TaskThread seat(plugins());
                for (int run = 0; run < kRuns; ++run) {
                    seat.start(request({{"run", "identity"}}), {});
                    seat.begin({.run = std::to_string(i) + "-" + std::to_string(run)}, 0ms);
                    const WorkerEnd end = seat.finish();
                    const std::lock_guard lock(mutex);
                    if (end.report && runs.insert(end.report->message.text).second) ++right;
                }
            });

        for (auto& thread : threads) thread.join();

        CPPUNIT_ASSERT_EQUAL(kThreads * kRuns, right.load());
    }

private:
    /// As long as the process, as the libraries that it holds.
    static PluginCache& plugins() {
        static PluginCache cache;
        return cache;
    }

    WorkerEnd replayTwo(TaskThread& seat) {
        auto replay = request({}, "Troublemaker", Verb::Replay);
        replay.replay.ids = {1, 2};
        return runOn(seat, replay);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(TaskThreadTest);
