#include "worker/WorkerProcess.h"

#include <cppunit/TestAssert.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "Poco/Exception.h"
#include "TroubleFixture.h"
#include "support/TestSkipped.h"

using namespace carillon;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class WorkerProcessTest : public TroubleFixture {
    CPPUNIT_TEST_SUITE(WorkerProcessTest);
    CPPUNIT_TEST(taskRunsAndReports);
    CPPUNIT_TEST(thrownInRunIsTheError);
    CPPUNIT_TEST(thrownInConfigureIsTheErrorAndNothingRuns);
    CPPUNIT_TEST(thrownInTheConstructorIsTheError);
    CPPUNIT_TEST(thrownInACheckIsTheErrorAfterTheChecksBefore);
    CPPUNIT_TEST(crashNamesItsSignal);
    CPPUNIT_TEST(crashInTheConstructorNamesItsSignal);
    CPPUNIT_TEST(crashInACheckNamesItsSignal);
    CPPUNIT_TEST(exitNamesItsCode);
    CPPUNIT_TEST(reportOutlivesACrashAfterItButWarns);
    CPPUNIT_TEST(configurationOfATaskThatCannotBeDestroyedIsAnError);
    CPPUNIT_TEST(processThatDoesNotEndAfterItsReportIsEnded);
    CPPUNIT_TEST(errorOutlivesATaskThatCannotBeDestroyed);
    CPPUNIT_TEST(linesBeforeACrashAreKept);
    CPPUNIT_TEST(everythingPrintedIsLogged);
    CPPUNIT_TEST(outputWithoutLineEndIsLoggedWholeAndHidesSecrets);
    CPPUNIT_TEST(whatTheHostHasNotYetPrintedIsNotThePlugins);
    CPPUNIT_TEST(secretsAreHiddenEverywhere);
    CPPUNIT_TEST(secretIsHiddenFromConfigureOn);
    CPPUNIT_TEST(secretThatTheTaskNamesIsHidden);
    CPPUNIT_TEST(taskThatIgnoresItsTimeLimitIsEnded);
    CPPUNIT_TEST(taskThatHeedsItsTimeLimitSaysSoItself);
    CPPUNIT_TEST(requestToStopReachesTheTask);
    CPPUNIT_TEST(secondRequestToStopEndsAtOnce);
    CPPUNIT_TEST(configureThatHangsIsEnded);
    CPPUNIT_TEST(rubbishOnEveryDescriptorIsLogged);
    CPPUNIT_TEST(closedDescriptorsEndTheRun);
    CPPUNIT_TEST(closedDescriptorsEndATaskThatGoesOn);
    CPPUNIT_TEST(grandchildThatHoldsThePipesIsEnded);
    CPPUNIT_TEST(grandchildOfACrashIsEnded);
    CPPUNIT_TEST(manyLinesArriveInOrder);
    CPPUNIT_TEST(linesAboveTheLevelStay);
    CPPUNIT_TEST(bytesThatAreNoTextArrive);
    CPPUNIT_TEST(manyWarningsAreCountedNotKept);
    CPPUNIT_TEST(progressIsThinnedOut);
    CPPUNIT_TEST(exhaustedMemoryIsAnError);
    CPPUNIT_TEST(faultsOfTheTaskAreToldAndNothingRuns);
    CPPUNIT_TEST(workerThatIsNotNeededEnds);
    CPPUNIT_TEST(workerSeesNoDescriptorOfItsHost);
    CPPUNIT_TEST(noTroubleLeavesAProcessOrADescriptor);
    CPPUNIT_TEST(hostWithoutDescriptorsLeaksNone);
    CPPUNIT_TEST(killedHostTakesItsWorkerWithIt);
    CPPUNIT_TEST_SUITE_END();

public:
    void taskRunsAndReports() {
        const WorkerEnd end = run({});

        CPPUNIT_ASSERT_EQUAL(std::string(), end.error.text);
        CPPUNIT_ASSERT(end.report && end.report->outcome == Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(std::string("all went well"), end.report->message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("items"), end.report->figures.at(0).name);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1'234}, end.report->figures.at(1).value);
        CPPUNIT_ASSERT(end.report->warnings.empty());
    }

    void thrownInRunIsTheError() {
        CPPUNIT_ASSERT_EQUAL(std::string("run fails with Poco"), errorOf({{"run", "throw_poco"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("run fails with std"), errorOf({{"run", "throw_std"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("an exception that is no std::exception"), errorOf({{"run", "throw_int"}}));
    }

    void thrownInConfigureIsTheErrorAndNothingRuns() {
        WorkerProcess worker(Launch::Fork);
        worker.start(request({{"configure", "throw_std"}}), listener());

        CPPUNIT_ASSERT(!worker.waitUntilPrepared());
        const WorkerEnd end = worker.finish();

        CPPUNIT_ASSERT_EQUAL(std::string("configure fails"), end.error.text);
        CPPUNIT_ASSERT(!end.report);
        CPPUNIT_ASSERT_EQUAL(std::string("an exception that is no std::exception"),
                             errorOf({{"configure", "throw_int"}}));
    }

    void thrownInTheConstructorIsTheError() {
        CPPUNIT_ASSERT_EQUAL(std::string("the constructor fails"), errorOf({}, "ThrowsInConstructor"));
    }

    void thrownInACheckIsTheErrorAfterTheChecksBefore() {
        CPPUNIT_ASSERT_EQUAL(std::string("check fails"),
                             errorOf({{"check", "throw_poco"}}, "Troublemaker", WorkerRequest::Verb::Check));
        CPPUNIT_ASSERT_EQUAL(std::string(), errorOf({{"check", "fail"}}, "Troublemaker", WorkerRequest::Verb::Check));

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _checks.size());
        CPPUNIT_ASSERT(_checks[1].state == CheckState::Failed);
    }

    void crashNamesItsSignal() {
        CPPUNIT_ASSERT_EQUAL(std::string("the plugin crashed with SIGSEGV (Segmentation fault)"),
                             errorOf({{"run", "segfault"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("the plugin crashed with SIGABRT (Aborted)"), errorOf({{"run", "abort"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("the plugin crashed with SIGKILL (Killed)"), errorOf({{"run", "kill_self"}}));
    }

    void crashInTheConstructorNamesItsSignal() {
        CPPUNIT_ASSERT_EQUAL(std::string("the plugin crashed with SIGABRT (Aborted)"),
                             errorOf({}, "CrashesInConstructor"));
    }

    void crashInACheckNamesItsSignal() {
        CPPUNIT_ASSERT_EQUAL(std::string("the plugin crashed with SIGABRT (Aborted)"),
                             errorOf({{"check", "abort"}}, "Troublemaker", WorkerRequest::Verb::Check));
    }

    void exitNamesItsCode() {
        CPPUNIT_ASSERT_EQUAL(std::string("the plugin ended the process with exit code 0 before its report"),
                             errorOf({{"run", "exit"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("the plugin ended the process with exit code 3 before its report"),
                             errorOf({{"run", "_exit"}}));
    }

    void reportOutlivesACrashAfterItButWarns() {
        const WorkerEnd end = run({}, "ThrowsInDestructor");

        CPPUNIT_ASSERT(end.report && end.report->outcome == Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(std::string("after its report the plugin crashed with SIGABRT (Aborted)"),
                             end.report->warnings.at(0).text);
    }

    void configurationOfATaskThatCannotBeDestroyedIsAnError() {
        CPPUNIT_ASSERT_EQUAL(std::string("the plugin crashed with SIGABRT (Aborted)"),
                             errorOf({}, "ThrowsInDestructor", WorkerRequest::Verb::Configure));
    }

    void processThatDoesNotEndAfterItsReportIsEnded() {
        _limits.stopGrace = 50ms;

        const WorkerEnd end = run({}, "HangsInDestructor");

        CPPUNIT_ASSERT(end.report && end.report->outcome == Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(std::string("after its report the plugin did not end by itself, and was ended"),
                             end.report->warnings.at(0).text);
    }

    void errorOutlivesATaskThatCannotBeDestroyed() {
        _limits.stopGrace = 50ms;

        for (const auto* task : {"HangsInDestructor", "ThrowsInDestructor"})
            CPPUNIT_ASSERT_EQUAL(std::string("this task keeps no rejects"),
                                 errorOf({}, task, WorkerRequest::Verb::Rejects));
    }

    void linesBeforeACrashAreKept() {
        run({{"run", "segfault"}});

        CPPUNIT_ASSERT(logged("step.done step=1"));
        CPPUNIT_ASSERT(logged("plugin.printed text=\"about to fall\""));
    }

    void everythingPrintedIsLogged() {
        const WorkerEnd end = run({{"run", "print"}, {"secret", "hunter2"}});

        CPPUNIT_ASSERT(end.report && end.report->outcome == Outcome::Succeeded);
        CPPUNIT_ASSERT(logged("plugin.printed text=\"printf on stdout, the secret is [secret]\""));
        CPPUNIT_ASSERT(logged("plugin.printed text=\"cout on stdout\""));
        CPPUNIT_ASSERT(logged("plugin.printed text=\"cerr on stderr\""));
        CPPUNIT_ASSERT(logged("plugin.printed text=\"no end of line\""));
    }

    void outputWithoutLineEndIsLoggedWholeAndHidesSecrets() {
        run({{"run", "print_without_end"}, {"secret", "hunter2hunter2"}});

        std::string all;
        for (const auto& line : _log) all += line.substr(line.find('=') + 1);
        std::erase(all, '"');
        const auto dots = static_cast<std::size_t>(std::count(all.begin(), all.end(), '.'));
        CPPUNIT_ASSERT_MESSAGE(std::to_string(dots), dots > 199'000 && dots < 201'000);
        CPPUNIT_ASSERT(all.find("[secret]") != std::string::npos);
        for (const auto* part : {"hunter", "unter2", "nter", "er2"})
            CPPUNIT_ASSERT_MESSAGE(part, all.find(part) == std::string::npos);
        CPPUNIT_ASSERT(_log.size() < 100);
    }

    void whatTheHostHasNotYetPrintedIsNotThePlugins() {
        std::cout << "waits in the host's buffer ";

        run({{"run", "print"}});

        std::cout << std::endl;
        for (const auto& line : _log) CPPUNIT_ASSERT_MESSAGE(line, line.find("buffer") == std::string::npos);
    }

    void secretsAreHiddenEverywhere() {
        const WorkerEnd end = run({{"run", "tell_secrets"}, {"secret", "hunter2"}});
        const std::string thrown = errorOf({{"run", "throw_secret"}, {"secret", "hunter2"}});
        errorOf({{"check", "tell_secrets"}, {"secret", "hunter2"}}, "Troublemaker", WorkerRequest::Verb::Check);

        CPPUNIT_ASSERT_EQUAL(std::string("the secret is [secret]"), end.report->message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("it is [secret]"), end.report->warnings.at(0).text);
        CPPUNIT_ASSERT(logged("secret.told value=[secret]"));
        CPPUNIT_ASSERT(logged("plugin.printed text=[secret]"));
        CPPUNIT_ASSERT_EQUAL(std::string("[secret]"), _progress.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("the key [secret] is wrong"), thrown);
        CPPUNIT_ASSERT_EQUAL(std::string("it is [secret]"), _checks.at(0).message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("[secret]"), _checks[0].details.at(0).second.text);
        CPPUNIT_ASSERT_EQUAL(std::string("hide [secret]"), _checks[0].recommendation.text);
    }

    void secretIsHiddenFromConfigureOn() {
        CPPUNIT_ASSERT_EQUAL(std::string("configure fails with [secret]"),
                             errorOf({{"configure", "throw_poco"}, {"secret", "hunter2"}}));
        for (int i = 0; i < 20; ++i) run({{"configure", "print"}, {"secret", "hunter2"}});

        CPPUNIT_ASSERT_EQUAL(20L,
                             std::count(_log.begin(), _log.end(), "plugin.printed text=\"configuring with [secret]\""));
    }

    void secretThatTheTaskNamesIsHidden() {
        const WorkerEnd end = run({{"run", "conceal"}});

        CPPUNIT_ASSERT_EQUAL(std::string("it was [secret]"), end.report->message.text);
        CPPUNIT_ASSERT(logged("secret.told value=[secret]"));
    }

    void taskThatIgnoresItsTimeLimitIsEnded() {
        _limits.stopGrace = 50ms;

        const WorkerEnd end = run({{"run", "hang"}}, "Troublemaker", 100ms);

        CPPUNIT_ASSERT(!end.report);
        CPPUNIT_ASSERT_EQUAL(std::string("did not end within its time limit of 100ms, and was ended"), end.error.text);
    }

    void taskThatHeedsItsTimeLimitSaysSoItself() {
        const WorkerEnd end = run({{"run", "wait_for_stop"}}, "Troublemaker", 100ms);

        CPPUNIT_ASSERT(!end.report);
        CPPUNIT_ASSERT(end.error.text == "the run reached its time limit" ||
                       end.error.text == "the run was asked to stop");
    }

    void requestToStopReachesTheTask() {
        WorkerProcess worker(Launch::Fork);
        worker.start(request({{"run", "wait_for_stop"}}), stoppingListener(1));
        _worker = &worker;

        worker.waitUntilPrepared();
        worker.begin({}, 0ms);
        const WorkerEnd end = worker.finish();

        CPPUNIT_ASSERT_EQUAL(std::string("the run was asked to stop"), end.error.text);
    }

    void secondRequestToStopEndsAtOnce() {
        WorkerProcess worker(Launch::Fork);
        worker.start(request({{"run", "hang"}}), stoppingListener(2));
        _worker = &worker;
        const auto before = std::chrono::steady_clock::now();

        worker.waitUntilPrepared();
        worker.begin({}, 0ms);
        const WorkerEnd end = worker.finish();

        CPPUNIT_ASSERT_EQUAL(std::string("stopped by the test, and was ended"), end.error.text);
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - before < WorkerLimits{}.stopGrace / 2);
    }

    void configureThatHangsIsEnded() {
        _limits = {100ms, 50ms};

        CPPUNIT_ASSERT_EQUAL(std::string("was not ready within 100ms, and was ended"),
                             errorOf({{"configure", "hang"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("was not ready within 100ms, and was ended"),
                             errorOf({{"configure", "hang"}}, "Troublemaker", WorkerRequest::Verb::Configure));
    }

    void rubbishOnEveryDescriptorIsLogged() {
        const WorkerEnd end = run({{"run", "scribble"}});

        CPPUNIT_ASSERT_EQUAL(std::string(), end.error.text);
        CPPUNIT_ASSERT_EQUAL(std::string("scribbled"), end.report->message.text);
        CPPUNIT_ASSERT(logged("plugin.printed text=rubbish"));
        CPPUNIT_ASSERT(logged("level 99"));
        for (const auto level : _levels)
            CPPUNIT_ASSERT(level >= Poco::Message::PRIO_FATAL && level <= Poco::Message::PRIO_TRACE);
        CPPUNIT_ASSERT(_checks.empty());
    }

    void closedDescriptorsEndTheRun() {
        CPPUNIT_ASSERT_EQUAL(std::string("the plugin ended the process with exit code 1 before its report"),
                             errorOf({{"run", "close_all"}}));
    }

    void closedDescriptorsEndATaskThatGoesOn() {
        _limits.stopGrace = 50ms;

        CPPUNIT_ASSERT_EQUAL(std::string("the plugin closed its pipes to the host, and was ended"),
                             errorOf({{"run", "close_all_and_hang"}}));
    }

    void grandchildThatHoldsThePipesIsEnded() {
        const WorkerEnd end = run({{"run", "fork"}});

        CPPUNIT_ASSERT_EQUAL(std::string(), end.error.text);
        CPPUNIT_ASSERT(waitUntil([&end] { return isGone(std::stoi(end.report->message.text)); }));
    }

    void grandchildOfACrashIsEnded() {
        const WorkerEnd end = run({{"run", "fork_and_abort"}});

        CPPUNIT_ASSERT_EQUAL(std::string("the plugin crashed with SIGABRT (Aborted)"), end.error.text);
        CPPUNIT_ASSERT(logged("grandchild"));
        const auto line = std::find_if(_log.begin(), _log.end(),
                                       [](const auto& text) { return text.find("grandchild") != std::string::npos; });
        const int pid = std::stoi(line->substr(line->rfind(' ')));
        CPPUNIT_ASSERT(waitUntil([pid] { return isGone(pid); }));
    }

    void manyLinesArriveInOrder() {
        constexpr std::size_t kLines = 10'000;

        run({{"run", "log"}, {"lines", std::to_string(kLines)}});

        CPPUNIT_ASSERT_EQUAL(kLines, _log.size());
        for (std::size_t i = 0; i < kLines; ++i) CPPUNIT_ASSERT_EQUAL("step.done step=" + std::to_string(i), _log[i]);
    }

    void linesAboveTheLevelStay() {
        _logLevel = Poco::Message::PRIO_DEBUG;
        run({{"run", "log_levels"}});
        CPPUNIT_ASSERT(logged("a.debug"));
        _log.clear();
        _logLevel = Poco::Message::PRIO_ERROR;
        run({{"run", "log_levels"}});

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, _log.size());
        CPPUNIT_ASSERT_EQUAL(std::string("an.error"), _log[0]);
    }

    void bytesThatAreNoTextArrive() {
        const WorkerEnd end = run({{"run", "log_levels"}});

        CPPUNIT_ASSERT_EQUAL(std::string(), end.error.text);
        CPPUNIT_ASSERT_EQUAL(std::string("latin \\xe9 and end"), _log.back());
    }

    void manyWarningsAreCountedNotKept() {
        for (const auto* trouble : {"warn_many", "warn_many_directly"}) {
            const WorkerEnd end = run({{"run", trouble}});

            CPPUNIT_ASSERT_EQUAL(RunReport::kMaxWarnings, end.report->warnings.size());
            CPPUNIT_ASSERT_EQUAL(std::string("warning 0"), end.report->warnings[0].text);
            CPPUNIT_ASSERT_EQUAL(std::int64_t{950}, end.report->warningsOmitted);
        }
    }

    void progressIsThinnedOut() {
        const auto before = std::chrono::steady_clock::now();
        run({{"run", "progress"}});
        const auto took = std::chrono::steady_clock::now() - before;

        // A short burst comes whole.
        CPPUNIT_ASSERT(_progress.size() >= 20);
        CPPUNIT_ASSERT(_progress.size() <= static_cast<std::size_t>(took / 100ms) + 21);
    }

    void exhaustedMemoryIsAnError() {
#ifdef __SANITIZE_ADDRESS__
        throw TestSkipped{"a sanitizer cannot live within a limit of memory"};
#else
        CPPUNIT_ASSERT_EQUAL(std::string("std::bad_alloc"), errorOf({{"run", "exhaust"}}));
#endif
    }

    void faultsOfTheTaskAreToldAndNothingRuns() {
        WorkerProcess worker(Launch::Fork);
        worker.start(request({{"lines", "many"}, {"lnes", "1"}}), listener());

        CPPUNIT_ASSERT(!worker.waitUntilPrepared());
        const WorkerEnd end = worker.finish();

        CPPUNIT_ASSERT_EQUAL(std::string(), end.error.text);
        CPPUNIT_ASSERT(!end.report);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, _faults.size());
        CPPUNIT_ASSERT_EQUAL(
            std::string("job.properties:1: task.lines = many, expected a whole number from 0 to 1000000"),
            _faults[0].sentence());
    }

    void workerThatIsNotNeededEnds() {
        WorkerProcess worker(Launch::Fork);
        worker.start(request({}), listener());
        CPPUNIT_ASSERT(worker.waitUntilPrepared());

        const WorkerEnd end = worker.finish();

        CPPUNIT_ASSERT(!end.report);
    }

    void workerSeesNoDescriptorOfItsHost() {
        const std::ofstream open(_folder->path() / "open");

        const WorkerEnd end = run({{"run", "descriptors"}});

        for (const auto& target : end.report->warnings)
            CPPUNIT_ASSERT_MESSAGE(target.text, target.text.starts_with("pipe:"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, end.report->warnings.size());
    }

    void noTroubleLeavesAProcessOrADescriptor() {
        run({});
        const std::size_t before = openDescriptors();
        _limits.stopGrace = 50ms;

        for (const auto* trouble : {"succeed", "throw_int", "segfault", "abort", "exit", "_exit", "kill_self",
                                    "scribble", "close_all", "print", "fork", "fork_and_abort", "progress"})
            run({{"run", trouble}});
        run({{"run", "hang"}}, "Troublemaker", 50ms);
        {
            WorkerProcess worker(Launch::Fork);
            worker.start(request({{"run", "hang"}}), listener());
        }

        CPPUNIT_ASSERT_EQUAL(before, openDescriptors());
        CPPUNIT_ASSERT_EQUAL(-1, ::waitpid(-1, nullptr, WNOHANG));
        CPPUNIT_ASSERT_EQUAL(ECHILD, errno);
    }

    void hostWithoutDescriptorsLeaksNone() {
        run({});
        const std::size_t before = openDescriptors();
        rlimit old{};
        ::getrlimit(RLIMIT_NOFILE, &old);
        bool refused = false;

        for (rlim_t room = 0; room < 8; ++room) {
            const rlimit few{before + room, old.rlim_max};
            ::setrlimit(RLIMIT_NOFILE, &few);
            try {
                WorkerProcess worker(Launch::Fork);
                worker.start(request({}), listener());
                worker.finish();
            } catch (const Poco::SystemException&) {
                refused = true;
            }
            ::setrlimit(RLIMIT_NOFILE, &old);
            CPPUNIT_ASSERT_EQUAL(before, openDescriptors());
        }

        CPPUNIT_ASSERT(refused);
    }

    void killedHostTakesItsWorkerWithIt() {
        const fs::path note = _folder->path() / "worker.pid";
        const pid_t host = ::fork();
        if (host == 0) {
            auto toFile = listener();
            toFile.onMessage = Hearing([&note](const LogMessage& line) {
                std::ofstream(note) << line.text.substr(line.text.rfind('=') + 1) << std::endl;
            });
            WorkerProcess worker(Launch::Fork);
            worker.start(request({{"run", "wait_for_stop"}}), toFile);
            worker.waitUntilPrepared();
            worker.begin({}, 0ms);
            worker.finish();
            ::_exit(0);
        }
        CPPUNIT_ASSERT(waitUntil([this] { return _folder->read("worker.pid").ends_with('\n'); }));
        const int worker = std::stoi(_folder->read("worker.pid"));
        CPPUNIT_ASSERT(!isGone(worker));

        ::kill(host, SIGKILL);
        ::waitpid(host, nullptr, 0);

        CPPUNIT_ASSERT(waitUntil([worker] { return isGone(worker); }));
    }

private:
    /// Asks the worker to stop so often once its task has begun.
    WorkerListener stoppingListener(int times) {
        auto listener = this->listener();
        listener.onTick = [this, times] {
            if (!logged("wait.began") || _stops == times) return;
            ++_stops;
            _worker->requestStop("stopped by the test");
        };
        return listener;
    }

    WorkerEnd run(const Keys& keys, const std::string& task = "Troublemaker", std::chrono::milliseconds timeout = 0ms,
                  WorkerRequest::Verb verb = WorkerRequest::Verb::Run) {
        WorkerProcess worker(Launch::Fork, _limits);
        return runOn(worker, request(keys, task, verb), timeout);
    }

    /// Of a call that ends without a report.
    std::string errorOf(const Keys& keys, const std::string& task = "Troublemaker",
                        WorkerRequest::Verb verb = WorkerRequest::Verb::Run) {
        const WorkerEnd end = run(keys, task, 0ms, verb);
        CPPUNIT_ASSERT(!end.report);
        return end.error.text;
    }

    WorkerLimits _limits{};
    WorkerProcess* _worker = nullptr;
    int _stops = 0;
};

CPPUNIT_TEST_SUITE_REGISTRATION(WorkerProcessTest);
