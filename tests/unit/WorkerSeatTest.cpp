#include "worker/WorkerSeat.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "TroubleFixture.h"
#include "support/Command.h"
#include "support/TestSkipped.h"

using namespace carillon;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// A seat as the host with threads has it: workers are the real program.
class WorkerSeatTest : public TroubleFixture {
    CPPUNIT_TEST_SUITE(WorkerSeatTest);
    CPPUNIT_TEST(oneWorkerTakesOneRunAfterTheOther);
    CPPUNIT_TEST(runMayBeginBeforeItIsPrepared);
    CPPUNIT_TEST(faultsOfTheConfigurationLeaveTheNextRunAlone);
    CPPUNIT_TEST(taskThatIsGivenUpLeavesTheNextRunAlone);
    CPPUNIT_TEST(harmlessEndsKeepTheWorker);
    CPPUNIT_TEST(crashesReplaceTheWorker);
    CPPUNIT_TEST(tracesReplaceTheWorkerAndSaySo);
    CPPUNIT_TEST(whatCanBePutBackIsPutBack);
    CPPUNIT_TEST(processesLeftBehindAreEnded);
    CPPUNIT_TEST(childThatComesBackSaysNothing);
    CPPUNIT_TEST(ignoredTimeLimitReplacesTheWorker);
    CPPUNIT_TEST(requestToStopFromAnotherThreadStopsOneRunOnly);
    CPPUNIT_TEST(requestToStopBetweenRunsIsForNobody);
    CPPUNIT_TEST(memoryLimitEndsTheRunAndNotTheNext);
    CPPUNIT_TEST(memoryThatNoLimitCountsEndsTheRun);
    CPPUNIT_TEST(secretsOfOneRunAreNotThoseOfTheNext);
    CPPUNIT_TEST(whatIsPrintedBelongsToItsRun);
    CPPUNIT_TEST(replacedLibraryIsLoadedAnew);
    CPPUNIT_TEST(workerIsRecycledAfterItsRunsOrMegabytes);
    CPPUNIT_TEST(workerThatDiedBetweenRunsIsReplaced);
    CPPUNIT_TEST(thousandRunsLeaveTheWorkerAsItWas);
    CPPUNIT_TEST(longConfigurationsArrive);
    CPPUNIT_TEST(workerOutlivesTheThreadThatStartedIt);
    CPPUNIT_TEST(workerSeesNoDescriptorOfItsHost);
    CPPUNIT_TEST(killedHostTakesItsBusyWorkerWithIt);
    CPPUNIT_TEST(missingProgramIsRefused);
    CPPUNIT_TEST(verbWorkerIsNotForPeople);
    CPPUNIT_TEST_SUITE_END();

public:
    void oneWorkerTakesOneRunAfterTheOther() {
        WorkerSeat seat({}, {}, kProgram);
        const pid_t worker = seat.worker().pid();

        for (int i = 0; i < 3; ++i) assertNextRunIsRight(seat);
        CPPUNIT_ASSERT_EQUAL(std::string("replayed all"),
                             runOn(seat, request({}, "Troublemaker", Verb::Replay)).report->message.text);
        CPPUNIT_ASSERT_EQUAL(std::string(), runOn(seat, request({}, "Troublemaker", Verb::Check)).error.text);
        CPPUNIT_ASSERT_EQUAL(std::string(), runOn(seat, request({}, "Troublemaker", Verb::Rejects)).error.text);
        CPPUNIT_ASSERT_EQUAL(std::string(), runOn(seat, request({}, "", Verb::Describe)).error.text);

        CPPUNIT_ASSERT_EQUAL(worker, seat.worker().pid());
        CPPUNIT_ASSERT_EQUAL(std::size_t{7}, seat.worker().runs());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _checks.size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, _rejects.size());
        CPPUNIT_ASSERT_EQUAL(std::string("Troublemaker"), _plugins.at(0).name);
    }

    void runMayBeginBeforeItIsPrepared() {
        WorkerSeat seat({}, {}, kProgram);

        seat.start(request({{"run", "identity"}}), listener());
        seat.begin({.run = "r-1"}, 0ms);
        const WorkerEnd end = seat.finish();
        seat.start(request({{"lines", "many"}}), listener());
        seat.begin({}, 0ms);
        const WorkerEnd refused = seat.finish();

        CPPUNIT_ASSERT_EQUAL(std::string("r-1"), end.report->message.text);
        CPPUNIT_ASSERT(!refused.report && refused.error.text.empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _faults.size());
        assertNextRunIsRight(seat);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, seat.workers());
    }

    void faultsOfTheConfigurationLeaveTheNextRunAlone() {
        WorkerSeat seat({}, {}, kProgram);

        runOn(seat, request({{"lines", "many"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("configure fails with "),
                             runOn(seat, request({{"configure", "throw_poco"}})).error.text);
        CPPUNIT_ASSERT(runOn(seat, request({}, "NoSuchTask")).error.text.find("has no task NoSuchTask") !=
                       std::string::npos);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _faults.size());
        assertNextRunIsRight(seat);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, seat.workers());
    }

    void taskThatIsGivenUpLeavesTheNextRunAlone() {
        WorkerSeat seat({}, {}, kProgram);
        seat.start(request({{"run", "segfault"}}), listener());
        CPPUNIT_ASSERT(seat.waitUntilPrepared());

        const WorkerEnd end = seat.finish();

        CPPUNIT_ASSERT(!end.report && end.error.text.empty());
        assertNextRunIsRight(seat);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, seat.workers());
    }

    void harmlessEndsKeepTheWorker() {
        WorkerSeat seat({}, {}, kProgram);

        CPPUNIT_ASSERT_EQUAL(std::string("run fails with Poco"),
                             runOn(seat, request({{"run", "throw_poco"}})).error.text);
        CPPUNIT_ASSERT_EQUAL(std::string("an exception that is no std::exception"),
                             runOn(seat, request({{"run", "throw_int"}})).error.text);
        CPPUNIT_ASSERT_EQUAL(std::string("the constructor fails"),
                             runOn(seat, request({}, "ThrowsInConstructor")).error.text);
        CPPUNIT_ASSERT_EQUAL(std::string("the work could not be done"),
                             runOn(seat, request({{"run", "fail"}})).report->message.text);

        assertNextRunIsRight(seat);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, seat.workers());
    }

    void crashesReplaceTheWorker() {
        const std::vector<std::pair<std::string, std::string>> crashes{
            {"segfault", "the plugin crashed with SIGSEGV (Segmentation fault)"},
            {"abort", "the plugin crashed with SIGABRT (Aborted)"},
            {"kill_self", "the plugin crashed with SIGKILL (Killed)"},
            {"exit", "the plugin ended the process with exit code 0 before its report"},
            {"_exit", "the plugin ended the process with exit code 3 before its report"},
            {"close_all", "the plugin ended the process with exit code 1 before its report"},
        };
        WorkerSeat seat({}, {}, kProgram);
        std::size_t workers = 1;
        for (const auto& [trouble, error] : crashes) {
            const WorkerEnd end = runOn(seat, request({{"run", trouble}}));

            CPPUNIT_ASSERT_EQUAL(error, end.error.text);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(trouble, ++workers, seat.workers());
            assertNextRunIsRight(seat);
        }
        CPPUNIT_ASSERT_EQUAL(workers, seat.workers());
        CPPUNIT_ASSERT(logged("step.done step=1"));
        CPPUNIT_ASSERT(!logged("worker.replaced"));
    }

    void tracesReplaceTheWorkerAndSaySo() {
        const std::vector<std::pair<std::string, std::string>> traces{
            {"fork", "left a process behind"},
            {"leave_thread", "left a thread behind"},
            {"leave_descriptor", "left a descriptor open"},
            {"close_stdout", "closed or replaced a descriptor of its process"},
            {"lower_limits", "changed the limits of its process"},
            {"set_variable", "changed the environment of its process"},
            {"scribble", "wrote to the host's pipe"},
        };
        WorkerSeat seat({}, {}, kProgram);
        std::size_t workers = 1;
        for (const auto& [trace, flaw] : traces) {
            _log.clear();
            const WorkerEnd end = runOn(seat, request({{"run", trace}}));

            CPPUNIT_ASSERT_MESSAGE(trace, end.report && end.report->outcome == Outcome::Succeeded);
            CPPUNIT_ASSERT_EQUAL("worker.replaced why=\"the plugin " + flaw + '"', _log.back());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(trace, ++workers, seat.workers());
            assertNextRunIsRight(seat);
        }
        CPPUNIT_ASSERT_EQUAL(workers, seat.workers());
    }

    void whatCanBePutBackIsPutBack() {
        WorkerSeat seat({}, {}, kProgram);
        const auto before = runOn(seat, request({{"run", "tell_state"}})).report;

        runOn(seat, request({{"run", "disturb"}}));
        const auto after = runOn(seat, request({{"run", "tell_state"}})).report;

        CPPUNIT_ASSERT(before->warnings == after->warnings);
        CPPUNIT_ASSERT(before->figures == after->figures);
        seat.start(request({{"run", "wait_for_stop"}}), stoppingListener(seat));
        seat.begin({}, 0ms);
        CPPUNIT_ASSERT_EQUAL(std::string("the run was asked to stop"), seat.finish().error.text);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, seat.workers());
    }

    void processesLeftBehindAreEnded() {
        WorkerSeat seat({}, {}, kProgram);
        for (const auto* trace : {"fork", "daemonise"}) {
            const WorkerEnd end = runOn(seat, request({{"run", trace}}));

            CPPUNIT_ASSERT_MESSAGE(trace, end.report);
            CPPUNIT_ASSERT(waitUntil([&end] { return isGone(std::stoi(end.report->message.text)); }));
            CPPUNIT_ASSERT(logged("left a process behind"));
            assertNextRunIsRight(seat);
        }
    }

    void childThatComesBackSaysNothing() {
        WorkerSeat seat({}, {}, kProgram);
        for (int i = 0; i < 5; ++i) {
            const WorkerEnd end = runOn(seat, request({{"run", "fork_and_return"}}));

            CPPUNIT_ASSERT_EQUAL(std::string(), end.error.text);
            CPPUNIT_ASSERT_EQUAL(std::string("twice"), end.report->message.text);
            assertNextRunIsRight(seat);
        }
    }

    void ignoredTimeLimitReplacesTheWorker() {
        WorkerLimits limits;
        limits.stopGrace = 50ms;
        WorkerSeat seat(limits, {}, kProgram);

        CPPUNIT_ASSERT_EQUAL(std::string("did not end within its time limit of 100ms, and was ended"),
                             runOn(seat, request({{"run", "hang"}}), 100ms).error.text);
        assertNextRunIsRight(seat);
        CPPUNIT_ASSERT_EQUAL(std::string("after its report the plugin did not end by itself, and was ended"),
                             runOn(seat, request({}, "HangsInDestructor")).report->warnings.at(0).text);
        assertNextRunIsRight(seat);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, seat.workers());
    }

    void requestToStopFromAnotherThreadStopsOneRunOnly() {
        WorkerSeat seat({}, {}, kProgram);
        std::atomic<bool> began{false};
        auto noting = listener();
        noting.onMessage = Hearing([&began](const LogMessage&) { began = true; });
        seat.start(request({{"run", "wait_for_stop"}}), noting);
        seat.begin({}, 0ms);
        std::thread stopper([&seat, &began] {
            while (!began) std::this_thread::yield();
            seat.requestStop("stopped by the test");
        });

        const WorkerEnd end = seat.finish();
        stopper.join();

        CPPUNIT_ASSERT_EQUAL(std::string("the run was asked to stop"), end.error.text);
        assertNextRunIsRight(seat);
        CPPUNIT_ASSERT_EQUAL(std::string("the run reached its time limit"),
                             runOn(seat, request({{"run", "wait_for_stop"}}), 20ms).error.text);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, seat.workers());
    }

    void requestToStopBetweenRunsIsForNobody() {
        WorkerSeat seat({}, {}, kProgram);
        assertNextRunIsRight(seat);

        seat.requestStop("too late");

        const WorkerEnd end = runOn(seat, request({{"run", "wait_for_stop"}}), 20ms);
        CPPUNIT_ASSERT_EQUAL(std::string("the run reached its time limit"), end.error.text);
    }

    void memoryLimitEndsTheRunAndNotTheNext() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        throw TestSkipped{"a sanitizer cannot live within a limit of memory"};
#else
        WorkerSeat seat({}, {}, kProgram);
        auto leaking = request({{"run", "leak"}});
        leaking.memory = 64 << 20;

        const WorkerEnd end = runOn(seat, leaking);

        CPPUNIT_ASSERT_EQUAL(std::string("ran out of its memory limit of 64M (job.memory)"), end.error.text);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, seat.workers());
        auto small = request({{"run", "log"}, {"lines", "1000"}});
        small.memory = 64 << 20;
        CPPUNIT_ASSERT_EQUAL(std::string("logged"), runOn(seat, small).report->message.text);
        assertNextRunIsRight(seat);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, seat.workers());
#endif
    }

    void memoryThatNoLimitCountsEndsTheRun() {
        WorkerSeat seat({}, {}, kProgram);
        auto filling = request({{"run", "fill_shared_memory"}});
        filling.memory = 16 << 20;

        CPPUNIT_ASSERT_EQUAL(std::string("ran out of its memory limit of 16M (job.memory)"),
                             runOn(seat, filling).error.text);
        assertNextRunIsRight(seat);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, seat.workers());
    }

    void secretsOfOneRunAreNotThoseOfTheNext() {
        WorkerSeat seat({}, {}, kProgram);
        runOn(seat, request({{"run", "tell_secrets"}, {"secret", "hunter2"}}));
        CPPUNIT_ASSERT(logged("secret.told value=[secret]"));

        runOn(seat, request({{"lines", "hunter2"}}));

        CPPUNIT_ASSERT_EQUAL(std::string("= hunter2, expected a whole number from 0 to 1000000"),
                             _faults.at(0).problem.text);
    }

    void whatIsPrintedBelongsToItsRun() {
        WorkerSeat seat({}, {}, kProgram);
        for (int i = 0; i < 20; ++i) {
            _log.clear();
            runOn(seat, request({{"run", "print"}}));

            CPPUNIT_ASSERT_EQUAL(std::size_t{4}, _log.size());
            CPPUNIT_ASSERT(logged("plugin.printed text=\"no end of line\""));
            assertNextRunIsRight(seat);
            CPPUNIT_ASSERT_EQUAL(std::size_t{4}, _log.size());
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, seat.workers());
    }

    void replacedLibraryIsLoadedAnew() {
        WorkerSeat seat({}, {}, kProgram);
        assertNextRunIsRight(seat);
        const fs::path other = fs::path(CARILLON_TEST_PLUGINS) / "refused/libOtherSdk.so";
        const fs::path next = _library + ".new";

        fs::copy_file(other, next);
        fs::permissions(next, fs::perms::owner_all);
        fs::rename(next, _library);

        CPPUNIT_ASSERT(runOn(seat, request({})).error.text.find("is built for SDK") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, seat.workers());
    }

    void workerIsRecycledAfterItsRunsOrMegabytes() {
        WorkerSeat byRuns({}, {.runs = 2}, kProgram);
        WorkerSeat byBytes({}, {.residentBytes = 1}, kProgram);

        for (int i = 0; i < 5; ++i) assertNextRunIsRight(byRuns);
        for (int i = 0; i < 10; ++i) assertNextRunIsRight(byBytes);

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, byRuns.workers());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, byBytes.workers());
    }

    void workerThatDiedBetweenRunsIsReplaced() {
        WorkerSeat seat({}, {}, kProgram);
        assertNextRunIsRight(seat);

        ::kill(seat.worker().pid(), SIGKILL);
        siginfo_t ended{};
        ::waitid(P_PID, static_cast<id_t>(seat.worker().pid()), &ended, WEXITED | WNOWAIT);

        assertNextRunIsRight(seat);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, seat.workers());
    }

    void thousandRunsLeaveTheWorkerAsItWas() {
        constexpr std::size_t kGrowth = 1 << 20;
        WorkerSeat seat({}, {.runs = 2'000}, kProgram);
        const auto runThrough = [this, &seat](int rounds) {
            for (int i = 0; i < rounds; ++i) {
                runOn(seat, request({{"run", "throw_poco"}}));
                runOn(seat, request({{"run", "log"}, {"lines", "10"}}));
                runOn(seat, request({{"run", "tell_secrets"}, {"secret", "hunter2"}}));
                assertNextRunIsRight(seat);
            }
        };
        runThrough(25);
        const std::string worker = std::to_string(seat.worker().pid());
        const std::size_t descriptors = openDescriptors(worker);
        const std::size_t bytes = seat.worker().residentBytes();

        runThrough(250);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, seat.workers());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1'100}, seat.worker().runs());
        CPPUNIT_ASSERT_EQUAL(descriptors, openDescriptors(worker));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        CPPUNIT_ASSERT(seat.worker().residentBytes() < bytes + kGrowth);
#else
        CPPUNIT_ASSERT(bytes + kGrowth > 0);
#endif
    }

    void longConfigurationsArrive() {
        WorkerSeat seat({}, {}, kProgram);
        const std::string longest(1 << 20, 'x');

        const WorkerEnd end = runOn(seat, request({{"lines", longest}, {"zz", "behind it"}}));

        CPPUNIT_ASSERT_EQUAL(std::string(), end.error.text);
        CPPUNIT_ASSERT(_faults.at(0).problem.text.starts_with("= " + longest.substr(0, 16'000)));  // cut for people
        CPPUNIT_ASSERT_EQUAL(std::string("task.zz"), _faults.at(1).key);
        assertNextRunIsRight(seat);
    }

    void workerOutlivesTheThreadThatStartedIt() {
        std::unique_ptr<WorkerSeat> seat;
        std::thread([&seat] {
            seat = std::make_unique<WorkerSeat>(WorkerLimits{}, WorkerRecycling{}, kProgram);
        }).join();

        for (int i = 0; i < 3; ++i) assertNextRunIsRight(*seat);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, seat->workers());
    }

    void workerSeesNoDescriptorOfItsHost() {
        const std::ofstream open(_folder->path() / "open");
        WorkerSeat other({}, {}, kProgram);
        WorkerSeat seat({}, {}, kProgram);

        const WorkerEnd end = runOn(seat, request({{"run", "descriptors"}}));

        for (const auto& target : end.report->warnings)
            CPPUNIT_ASSERT_MESSAGE(target.text, target.text.starts_with("pipe:"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, end.report->warnings.size());
    }

    void killedHostTakesItsBusyWorkerWithIt() {
        const fs::path note = _folder->path() / "worker.pid";
        const pid_t host = ::fork();
        if (host == 0) {
            WorkerSeat seat({}, {}, kProgram);
            auto toFile = listener();
            toFile.onMessage =
                Hearing([&note, &seat](const LogMessage&) { std::ofstream(note) << seat.worker().pid() << std::endl; });
            seat.start(request({{"run", "hang"}}), toFile);
            seat.begin({}, 0ms);
            seat.finish();
            ::_exit(0);
        }
        CPPUNIT_ASSERT(waitUntil([this] { return _folder->read("worker.pid").ends_with('\n'); }));
        const int worker = std::stoi(_folder->read("worker.pid"));
        CPPUNIT_ASSERT(!isGone(worker));

        ::kill(host, SIGKILL);
        ::waitpid(host, nullptr, 0);

        CPPUNIT_ASSERT(waitUntil([worker] { return isGone(worker); }));
    }

    void missingProgramIsRefused() {
        CPPUNIT_ASSERT_THROW(WorkerSeat({}, {}, "/no/such/program"), Poco::SystemException);
    }

    void verbWorkerIsNotForPeople() {
        const auto result = Command({kProgram, "worker"}).run();
        const auto help = Command({kProgram, "--help"}).run();

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        CPPUNIT_ASSERT(result.err.find("the verb worker is for carillon itself") != std::string::npos);
        CPPUNIT_ASSERT(help.out.find("worker") == std::string::npos);
    }

private:
    static inline const std::string kProgram = CARILLON_TEST_PROGRAM;

    void assertNextRunIsRight(TaskSeat& seat) {
        const WorkerEnd end = runOn(seat, request({}));
        CPPUNIT_ASSERT_EQUAL(std::string(), end.error.text);
        CPPUNIT_ASSERT_EQUAL(std::string("all went well"), end.report->message.text);
        CPPUNIT_ASSERT(end.report->warnings.empty());
    }

    /// Asks to stop once the task has begun.
    WorkerListener stoppingListener(TaskSeat& seat) {
        auto listener = this->listener();
        listener.onMessage = Hearing([&seat](const LogMessage&) { seat.requestStop("stopped by the test"); });
        return listener;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(WorkerSeatTest);
