#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "Poco/JSON/Array.h"
#include "Poco/JSON/Object.h"
#include "Poco/JSON/Parser.h"
#include "base/TextFile.h"
#include "carillon/Plugin.h"
#include "support/Command.h"
#include "support/HostFolder.h"
#include "support/WaitUntil.h"

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class CommandTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CommandTest);
    CPPUNIT_TEST(everyVerbHasHelpOnStdout);
    CPPUNIT_TEST(versionIsOnStdout);
    CPPUNIT_TEST(wrongWordsAreOneSentenceOnStderr);
    CPPUNIT_TEST(unknownJobIsRefusedWithTheNearest);
    CPPUNIT_TEST(mistypedCommandIsNamedWithItsLikeness);
    CPPUNIT_TEST(missingConfigurationIsRefused);
    CPPUNIT_TEST(faultsOfTheHostAreAllPrinted);
    CPPUNIT_TEST(faultsOfTheJobAreAllPrinted);
    CPPUNIT_TEST(configurationComesFromTheVariableOrTheFolder);
    CPPUNIT_TEST(runSucceeds);
    CPPUNIT_TEST(runWithNothingToDoSucceeds);
    CPPUNIT_TEST(runThatFailsLeavesOne);
    CPPUNIT_TEST(crashLeavesOneAndNamesTheSignal);
    CPPUNIT_TEST(warningsLeaveZeroUnlessStrict);
    CPPUNIT_TEST(reportOfManyWarningsIsShort);
    CPPUNIT_TEST(jsonIsTheReportOfTheContract);
    CPPUNIT_TEST(setOverridesKeysOfTheJob);
    CPPUNIT_TEST(timeoutEndsTheRun);
    CPPUNIT_TEST(secondRunIsRefusedAndInTheLedger);
    CPPUNIT_TEST(secondRunThatWaitsRunsAfterTheFirst);
    CPPUNIT_TEST(interruptedRunLeavesTheSignal);
    CPPUNIT_TEST(interruptedWaitLeavesTheSignal);
    CPPUNIT_TEST(secondInterruptEndsAtOnce);
    CPPUNIT_TEST(ignoredChildSignalChangesNothing);
    CPPUNIT_TEST(secretsAreNeverPrinted);
    CPPUNIT_TEST(verboseShowsLogLines);
    CPPUNIT_TEST(jobsAreListed);
    CPPUNIT_TEST(pluginsAreListedAndRefusalsLeaveOne);
    CPPUNIT_TEST(historyAndLedgerShowRuns);
    CPPUNIT_TEST(checksDecideTheExitCode);
    CPPUNIT_TEST(checkOfAJobWithFaultsFails);
    CPPUNIT_TEST(rejectsAreListedAndReplayed);
    CPPUNIT_TEST(rejectsAreDismissedWithAReason);
    CPPUNIT_TEST(itemsAreListedAndVerified);
    CPPUNIT_TEST(validateFindsEveryFault);
    CPPUNIT_TEST(validateSpeaksFrenchAboutEachFault);
    CPPUNIT_TEST(timesAreThoseOfTheHostsZone);
    CPPUNIT_TEST(validateAcceptsWhatIsRight);
    CPPUNIT_TEST(validateNotesWhatFiresNotAndWhatIsNotRead);
    CPPUNIT_TEST(validateWarnsOfWhatIsHardlyMeant);
    CPPUNIT_TEST(fileInAnotherEncodingIsRefusedAndAllThatComesOutIsUtf8);
    CPPUNIT_TEST(initWritesWhatHasNoWarning);
    CPPUNIT_TEST(initWritesAFolderAndNeverOverwrites);
    CPPUNIT_TEST(initWritesAProjectIntoAnEmptyFolderOnly);
    CPPUNIT_TEST(initRefusesANameThatIsNoClass);
    CPPUNIT_TEST(logsShowsTheLastLines);
    CPPUNIT_TEST(logsOfOneRunAreFoundBehindOthers);
    CPPUNIT_TEST(logsFollowsUntilItIsStopped);
    CPPUNIT_TEST(logsOfSeveralJobsAreMergedByTime);
    CPPUNIT_TEST(logsWithoutALogIsEmpty);
    CPPUNIT_TEST(filesAreNotForOthers);
    CPPUNIT_TEST(resultsThatCannotBeWrittenLeaveOne);
    CPPUNIT_TEST(closedStreamsAreNoFilesOfTheProgram);
    CPPUNIT_TEST(readerWhoLeavesIsNoFault);
    CPPUNIT_TEST(stricterUmaskIsKept);
    CPPUNIT_TEST(noColoursOutsideATerminal);
    CPPUNIT_TEST(terminalGetsColoursAndABar);
    CPPUNIT_TEST(noColorIsRespected);
    CPPUNIT_TEST(tableFitsTheTerminal);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _folder = std::make_unique<HostFolder>();
        _folder->addPlugin(fs::path(CARILLON_TEST_PLUGINS) / "troublemaker/libTroublemaker.so");
        _folder->addJob("trouble", kJob);
    }
    void tearDown() override { _folder.reset(); }

    void everyVerbHasHelpOnStdout() {
        for (const std::string verb : {"run", "jobs", "check", "validate", "plugins", "history", "ledger", "rejects",
                                       "replay", "logs", "init", "next", "explain", "passwd", "users", "token"}) {
            const auto result = Command({kProgram, verb, "--help"}).run();

            CPPUNIT_ASSERT_EQUAL_MESSAGE(verb, 0, result.exitCode);
            CPPUNIT_ASSERT_MESSAGE(result.out, result.out.find("carillon " + verb) != std::string::npos);
            CPPUNIT_ASSERT_EQUAL(std::string(), result.err);
        }
        const auto all = Command({kProgram, "--help"}).run();
        CPPUNIT_ASSERT_EQUAL(0, all.exitCode);
        CPPUNIT_ASSERT(all.out.find("Exit codes: 0 ") != std::string::npos);
    }

    void versionIsOnStdout() {
        const auto result = Command({kProgram, "--version"}).run();

        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT(result.out.find('.') != std::string::npos);
    }

    void wrongWordsAreOneSentenceOnStderr() {
        const std::vector<std::vector<std::string>> wrong{{},
                                                          {"dance"},
                                                          {"jobs", "--dance"},
                                                          {"run"},
                                                          {"run", "trouble", "again"},
                                                          {"run", "trouble", "--set", "novalue"},
                                                          {"run", "trouble", "--set", "=x"},
                                                          {"run", "trouble", "--timeout", "5"},
                                                          {"run", "trouble", "--timeout", "0s"},
                                                          {"run", "trouble", "--timeout"},
                                                          {"history", "-n", "-1"},
                                                          {"logs", "trouble", "-n", "many"},
                                                          {"replay", "trouble"},
                                                          {"replay", "trouble", "1", "--all"},
                                                          {"replay", "trouble", "x"},
                                                          {"jobs", "run", "trouble"}};
        for (const auto& words : wrong) {
            const auto result = carillon(words).run();

            const std::string all = words.empty() ? "" : words.back();
            CPPUNIT_ASSERT_EQUAL_MESSAGE(all + result.err, 2, result.exitCode);
            CPPUNIT_ASSERT_EQUAL(std::string(), result.out);
            CPPUNIT_ASSERT_MESSAGE(result.err, result.err.starts_with("carillon: error: "));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, std::ptrdiff_t{1}, lines(result.err));
        }
        CPPUNIT_ASSERT(!fs::exists(_folder->path() / "state"));
    }

    void unknownJobIsRefusedWithTheNearest() {
        for (const std::string verb : {"run", "history", "ledger", "logs", "check", "rejects"}) {
            const auto result = carillon({verb, "troubel"}).run();

            CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
            CPPUNIT_ASSERT_EQUAL(
                "carillon: error: there is no job troubel in " + at("jobs") + "; did you mean trouble?\n", result.err);
        }
        CPPUNIT_ASSERT(carillon({"run", "zzz"}).run().err.ends_with("; its jobs: trouble\n"));
        CPPUNIT_ASSERT_EQUAL(2, carillon({"run", "../jobs/trouble"}).run().exitCode);
    }

    void mistypedCommandIsNamedWithItsLikeness() {
        const auto said = [&](std::vector<std::string> words) {
            const auto result = carillon(std::move(words)).run();
            CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
            return result.err;
        };

        CPPUNIT_ASSERT_EQUAL(
            std::string("carillon: error: there is no command tokn, did you mean token?; see carillon --help\n"),
            said({"tokn"}));
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: there is no command token ad, did you mean token add?; see "
                                         "carillon token --help\n"),
                             said({"token", "ad"}));
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: what to do is missing; see carillon token --help\n"),
                             said({"token"}));
    }

    void missingConfigurationIsRefused() {
        for (const std::string verb : {"jobs", "validate", "plugins", "history"}) {
            const auto absent = Command({kProgram, "--config", at("absent"), verb}).run();
            const auto folder = Command({kProgram, "--config", at("jobs"), verb}).run();

            CPPUNIT_ASSERT_EQUAL(2, absent.exitCode);
            CPPUNIT_ASSERT_MESSAGE(absent.err, absent.err.starts_with("carillon: error: " + at("absent") +
                                                                      ": cannot be read: No such file or directory\n"));
            CPPUNIT_ASSERT_EQUAL(2, folder.exitCode);
            CPPUNIT_ASSERT_EQUAL(std::string(), absent.out + folder.out);
        }
    }

    void faultsOfTheHostAreAllPrinted() {
        _folder->write("carillon.properties", "workers.max = x\nlog.dir = y\n");

        const auto result = carillon({"run", "trouble"}).run();

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{2}, lines(result.err));
        CPPUNIT_ASSERT(result.err.find("carillon.properties:1: workers.max = x, expected a whole number") !=
                       std::string::npos);
        CPPUNIT_ASSERT(result.err.find("carillon.properties:2: log.dir") != std::string::npos);
    }

    void faultsOfTheJobAreAllPrinted() {
        _folder->addJob("trouble", kJob + "job.timeout = 5\nlogging.loggers.root.level = loud\n");
        const auto ofTheHost = carillon({"run", "trouble"}).run();
        const auto ofTheTask =
            carillon({"run", "trouble", "--set", "job.timeout=5s", "--set", "logging.loggers.root.level=debug", "--set",
                      "task.lines=x", "--set", "task.z=1"})
                .run();

        CPPUNIT_ASSERT_EQUAL(2, ofTheHost.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{2}, lines(ofTheHost.err));
        CPPUNIT_ASSERT_EQUAL(2, ofTheTask.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{2}, lines(ofTheTask.err));
        CPPUNIT_ASSERT_EQUAL(std::string(), ofTheHost.out + ofTheTask.out);
        CPPUNIT_ASSERT_EQUAL(std::string("[]\n"), carillon({"history", "--json"}).run().out);
    }

    void configurationComesFromTheVariableOrTheFolder() {
        const auto variable = Command({kProgram, "jobs"}).set("CARILLON_CONFIG", _folder->config()).in("/").run();
        const auto folder = Command({kProgram, "jobs"}).in(_folder->path()).run();
        const auto both =
            Command({kProgram, "jobs", "--config", _folder->config()}).set("CARILLON_CONFIG", "/no").run();

        for (const auto& result : {variable, folder, both}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
            CPPUNIT_ASSERT(result.out.find("trouble") != std::string::npos);
        }
    }

    void runSucceeds() {
        const auto result = run("succeed");

        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.out, result.out.starts_with("trouble succeeded: all went well, "));
        CPPUNIT_ASSERT_EQUAL(std::string(), result.err);
    }

    void runWithNothingToDoSucceeds() {
        const auto result = run("nothing");

        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.out, result.out.starts_with("trouble had nothing to do: nothing was waiting, "));
    }

    void runThatFailsLeavesOne() {
        const auto result = run("fail");

        CPPUNIT_ASSERT_EQUAL(1, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.out, result.out.starts_with("trouble failed: the work could not be done, "));
    }

    void crashLeavesOneAndNamesTheSignal() {
        for (const std::string trouble : {"segfault", "abort", "exit", "_exit", "kill_self", "throw_int"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(trouble, 1, run(trouble).exitCode);

        CPPUNIT_ASSERT(run("segfault").out.find("the plugin crashed with SIGSEGV") != std::string::npos);
    }

    void warningsLeaveZeroUnlessStrict() {
        const auto lax = run("warn");
        const auto strict = run("warn", {"--strict"});

        CPPUNIT_ASSERT_EQUAL(0, lax.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: warning: one item was put aside\n"), lax.err);
        CPPUNIT_ASSERT_EQUAL(1, strict.exitCode);
        CPPUNIT_ASSERT(strict.out.starts_with("trouble succeeded: "));
        CPPUNIT_ASSERT_EQUAL(0, run("succeed", {"--strict"}).exitCode);
    }

    void reportOfManyWarningsIsShort() {
        const auto result = run("warn_many");

        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{11}, lines(result.err));
        CPPUNIT_ASSERT(result.err.find("and 990 more") != std::string::npos);
    }

    void jsonIsTheReportOfTheContract() {
        const auto result = run("succeed", {"--json"});

        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string(), result.err);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1}, lines(result.out));
        const auto report = object(result.out);
        CPPUNIT_ASSERT(
            (std::vector<std::string>{"job", "run", "trigger", "outcome", "message", "scheduled_at", "started_at",
                                      "finished_at", "attempt", "host", "counters", "warnings"}) == report->getNames());
        CPPUNIT_ASSERT_EQUAL(std::string("trouble"), report->getValue<std::string>("job"));
        CPPUNIT_ASSERT_EQUAL(std::string("cli"), report->getValue<std::string>("trigger"));
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), report->getValue<std::string>("outcome"));
        CPPUNIT_ASSERT_EQUAL(1, report->getValue<int>("attempt"));
        CPPUNIT_ASSERT_EQUAL(std::string("test-host"), report->getValue<std::string>("host"));
        for (const auto* time : {"scheduled_at", "started_at", "finished_at"}) {
            const auto text = report->getValue<std::string>(time);
            CPPUNIT_ASSERT_MESSAGE(text, text.size() == 24 && text[10] == 'T' && text.back() == 'Z');
        }
        CPPUNIT_ASSERT((std::vector<std::string>{"items", "bytes"}) == report->getObject("counters")->getNames());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, report->getArray("warnings")->size());
        CPPUNIT_ASSERT_EQUAL(1, run("fail", {"--json"}).exitCode);
    }

    void setOverridesKeysOfTheJob() {
        const auto result = carillon({"run", "trouble", "--set", "task.run=fail", "--set", "job.title=a=b, c"}).run();

        CPPUNIT_ASSERT_EQUAL(1, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(0, carillon({"run", "trouble"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(2, carillon({"run", "trouble", "--set", "task.rum=fail"}).run().exitCode);
    }

    void timeoutEndsTheRun() {
        const auto result = run("wait_for_stop", {"--timeout", "100ms"});

        CPPUNIT_ASSERT_EQUAL(1, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.out, result.out.starts_with("trouble failed: "));
    }

    void secondRunIsRefusedAndInTheLedger() {
        auto first = start("wait_for_stop");

        const auto second = run("succeed", {"--json"});

        CPPUNIT_ASSERT_EQUAL(75, second.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string(), second.out);
        CPPUNIT_ASSERT_MESSAGE(second.err, second.err.starts_with("carillon: error: trouble is running already: run "));
        CPPUNIT_ASSERT(second.err.find("(process " + std::to_string(first.pid()) + ")") != std::string::npos);
        const auto slots = array(carillon({"ledger", "trouble", "--json"}).run().out);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, slots->size());
        CPPUNIT_ASSERT_EQUAL(std::string("skipped"), slots->getObject(0)->getValue<std::string>("end"));
        CPPUNIT_ASSERT_EQUAL(std::string("overlap"), slots->getObject(0)->getValue<std::string>("reason"));
        CPPUNIT_ASSERT_EQUAL(std::string("ran"), slots->getObject(1)->getValue<std::string>("end"));
    }

    void secondRunThatWaitsRunsAfterTheFirst() {
        auto first = start("wait", {"--set", "task.wait=400ms"});

        const auto second = run("succeed", {"--wait"});

        CPPUNIT_ASSERT_EQUAL(0, second.exitCode);
        CPPUNIT_ASSERT_EQUAL(0, first.wait().exitCode);
        const auto runs = array(carillon({"history", "--json"}).run().out);
        CPPUNIT_ASSERT(runs->getObject(0)->getValue<std::string>("started_at") >=
                       runs->getObject(1)->getValue<std::string>("finished_at"));
    }

    void interruptedRunLeavesTheSignal() {
        for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
            auto running = start("wait_for_stop");

            running.signal(number);

            const auto result = running.wait();
            CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 128 + number, result.exitCode);
            // Ctrl-C is somebody who wants it; the others may be a time limit or the end of the machine.
            const std::string end = number == SIGINT ? "was stopped by " : "failed: the run was asked to stop";
            CPPUNIT_ASSERT_MESSAGE(result.out, result.out.starts_with("trouble " + end));
            fs::remove(_folder->path() / "logs/trouble.log");
        }
    }

    void interruptedWaitLeavesTheSignal() {
        auto first = start("wait_for_stop");
        auto second = carillon({"run", "trouble", "--wait"}).start();
        // Its worker is there once it waits: only then does it ask for signals.
        CPPUNIT_ASSERT(waitUntil([&second] { return hasChild(second.pid()); }));

        second.signal(SIGTERM);

        const auto result = second.wait();
        CPPUNIT_ASSERT_EQUAL(128 + SIGTERM, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.starts_with("carillon: error: stopped while waiting for run "));
    }

    void secondInterruptEndsAtOnce() {
        auto running = start("hang");
        const auto before = std::chrono::steady_clock::now();

        running.signal(SIGINT);
        running.signal(SIGINT);
        while (!running.hasEnded() && std::chrono::steady_clock::now() - before < 8s) {
            running.signal(SIGINT);  // two that come together may be one
            ::poll(nullptr, 0, 20);
        }

        CPPUNIT_ASSERT(running.hasEnded());
        CPPUNIT_ASSERT_EQUAL(128 + SIGINT, running.wait().exitCode);
    }

    void ignoredChildSignalChangesNothing() {
        const auto result =
            Command({"sh", "-c", "trap '' CHLD; exec \"$0\" --config \"$1\" run trouble", kProgram, _folder->config()})
                .limit(10s)
                .run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
    }

    void secretsAreNeverPrinted() {
        _folder->write("jobs/key", "hunter2\n");
        _folder->addJob("trouble", kJob + "task.secret.file = key\n");
        std::string all;

        for (const std::string trouble : {"tell_secrets", "throw_secret", "print"}) {
            const auto result = run(trouble, {"--json", "--verbose"});
            all += result.out + result.err;
        }
        for (const auto& words : std::vector<std::vector<std::string>>{{"history", "--json"},
                                                                       {"history"},
                                                                       {"logs", "trouble"},
                                                                       {"logs", "trouble", "--json"},
                                                                       {"jobs", "--json"}})
            all += carillon(words).run().out;
        _folder->addJob("trouble", kJob + "task.secret.file = key\ntask.check = tell_secrets\n");
        for (const auto& words : std::vector<std::vector<std::string>>{{"check"}, {"check", "--json"}})
            all += carillon(words).run().out;

        CPPUNIT_ASSERT(all.find("hunter2") == std::string::npos);
        CPPUNIT_ASSERT(all.find("[secret]") != std::string::npos);
        CPPUNIT_ASSERT(all.find("hide [secret]") != std::string::npos);
    }

    void verboseShowsLogLines() {
        const auto result = run("log", {"-v"});

        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("step.done step=0\n") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1}, lines(result.out));
    }

    void jobsAreListed() {
        _folder->addJob("broken", "job.task = x\n");
        _folder->write("carillon.properties", "plugins.dir = plugins\njobs.enabled = trouble\n");

        const auto table = carillon({"jobs"}).run();
        const auto jobs = array(carillon({"jobs", "--json"}).run().out);

        CPPUNIT_ASSERT_EQUAL(0, table.exitCode);
        CPPUNIT_ASSERT(table.out.starts_with("JOB "));
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{3}, lines(table.out));
        CPPUNIT_ASSERT(table.out.find("faulty: see carillon validate") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, jobs->size());
        CPPUNIT_ASSERT(!jobs->getObject(0)->getValue<bool>("enabled"));
        CPPUNIT_ASSERT_EQUAL(1, jobs->getObject(0)->getValue<int>("faults"));
        CPPUNIT_ASSERT(jobs->getObject(1)->getValue<bool>("enabled"));
        CPPUNIT_ASSERT_EQUAL(std::string("Troublemaker"), jobs->getObject(1)->getValue<std::string>("plugin"));
    }

    void pluginsAreListedAndRefusalsLeaveOne() {
        const auto good = carillon({"plugins"}).run();
        _folder->addPlugin(fs::path(CARILLON_TEST_PLUGINS) / "refused/libOtherSdk.so");
        const auto bad = carillon({"plugins"}).run();
        const auto json = array(carillon({"plugins", "--json"}).run().out);

        CPPUNIT_ASSERT_EQUAL(0, good.exitCode);
        CPPUNIT_ASSERT(good.out.find("Troublemaker  0.1.0") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(1, bad.exitCode);
        CPPUNIT_ASSERT_EQUAL("carillon: error: " + at("plugins/libOtherSdk.so") +
                                 ": is built for SDK 99, this host has SDK " + std::to_string(CARILLON_SDK_VERSION) +
                                 "; build it again with this host's headers\n",
                             bad.err);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, json->size());
        CPPUNIT_ASSERT(!json->getObject(0)->getValue<std::string>("refusal").empty());
        CPPUNIT_ASSERT_EQUAL(std::string("Troublemaker"), json->getObject(1)->getValue<std::string>("name"));
    }

    void historyAndLedgerShowRuns() {
        const auto before = carillon({"history"}).run();
        for (const std::string trouble : {"succeed", "fail", "nothing"}) run(trouble);

        const auto table = carillon({"history", "trouble"}).run();
        const auto runs = array(carillon({"history", "--json", "-n", "2"}).run().out);
        const auto ledger = carillon({"ledger"}).run();

        CPPUNIT_ASSERT_EQUAL(0, before.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{4}, lines(table.out));
        CPPUNIT_ASSERT(table.out.find("nothing_to_do") < table.out.find("failed"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, runs->size());
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), runs->getObject(1)->getValue<std::string>("outcome"));
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{4}, lines(ledger.out));
    }

    void checksDecideTheExitCode() {
        const auto good = carillon({"check", "trouble"}).run();
        _folder->addJob("trouble", kJob + "task.check = fail\n");
        const auto bad = carillon({"check"}).run();
        const auto json = array(carillon({"check", "--json"}).run().out);

        CPPUNIT_ASSERT_EQUAL(0, good.exitCode);
        CPPUNIT_ASSERT_MESSAGE(good.out, good.out.starts_with("trouble\n  ok "));
        CPPUNIT_ASSERT(good.out.find("first: all is well") != std::string::npos);
        CPPUNIT_ASSERT(good.out.find("answer 42") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(1, bad.exitCode);
        CPPUNIT_ASSERT(bad.out.find("FAILED ") != std::string::npos && bad.out.find("bring it") != std::string::npos);
        CPPUNIT_ASSERT(!json->getObject(0)->getValue<bool>("passed"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, json->getObject(0)->getArray("checks")->size());
        CPPUNIT_ASSERT(array(carillon({"history", "--json"}).run().out)->size() == 0);
    }

    void checkOfAJobWithFaultsFails() {
        for (const std::string key : {"task.check = throw_int\n", "task.check = abort\n", "task.lines = many\n"}) {
            _folder->addJob("trouble", kJob + key);

            const auto result = carillon({"check", "trouble"}).run();

            CPPUNIT_ASSERT_EQUAL_MESSAGE(key, 1, result.exitCode);
            CPPUNIT_ASSERT_MESSAGE(result.out, result.out.find("FAILED ") != std::string::npos);
            // What was not yet printed when the worker began is printed once, by this process.
            CPPUNIT_ASSERT_EQUAL(std::string::npos, _folder->log("trouble").find("plugin.printed text=trouble"));
        }
    }

    void rejectsAreDismissedWithAReason() {
        const auto done = carillon({"dismiss", "trouble", "3", "1", "3", "--reason", "on paper"}).run();
        const auto activity = carillon({"activity", "--what", "dismiss", "--json"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(done.err, 0, done.exitCode);
        CPPUNIT_ASSERT_MESSAGE(done.out, done.out.find("dismissed 2 for ") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(done.out, done.out.find(" for : ") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(activity.out,
                               activity.out.find("\"note\":\"rejects 1, 3: on paper\"") != std::string::npos);
        const auto table = carillon({"activity", "--what", "dismiss"}).run();
        CPPUNIT_ASSERT_MESSAGE(table.out, table.out.find("  rejects 1, 3: on paper; run ") != std::string::npos);
        std::string reason;
        for (int i = 0; i < 400; ++i) reason += "é";
        const auto longest = carillon({"dismiss", "trouble", "1", "--reason", reason}).run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(longest.err, 0, longest.exitCode);
        const auto longer = carillon({"dismiss", "trouble", "1", "--reason", reason + "é"}).run();
        CPPUNIT_ASSERT_EQUAL(2, longer.exitCode);
        CPPUNIT_ASSERT_MESSAGE(longer.err, longer.err.find("longer than 400 characters") != std::string::npos);
        for (const std::vector<std::string>& words : {std::vector<std::string>{"dismiss", "trouble", "1"},
                                                      {"dismiss", "trouble", "--reason", "x"},
                                                      {"dismiss", "trouble", "1", "--reason", "  "}})
            CPPUNIT_ASSERT_EQUAL(2, carillon(words).run().exitCode);
    }

    void itemsAreListedAndVerified() {
        const auto table = carillon({"items", "trouble"}).run();
        const auto some =
            array(carillon({"items", "trouble", "--state", "applied", "--no-people", "--json"}).run().out);
        const auto whole = carillon({"items", "trouble", "--verify"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(table.err, 0, table.exitCode);
        CPPUNIT_ASSERT_MESSAGE(table.out, table.out.find("Zoé <Z>") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(table.out, table.out.find("stored as row 3") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, some->size());
        CPPUNIT_ASSERT(some->getObject(0)->isNull("people"));
        CPPUNIT_ASSERT_EQUAL(std::string("trouble: all are there\n"), whole.out);
        CPPUNIT_ASSERT_EQUAL(0, whole.exitCode);
        for (const std::vector<std::string>& words : {std::vector<std::string>{"items", "trouble", "--state", "lost"},
                                                      {"items", "trouble", "--since", "some day"},
                                                      {"items", "trouble", "--person", "zo", "--no-people"},
                                                      {"items", "trouble", "--person", ""},
                                                      {"items", "trouble", "--state", ""},
                                                      {"items", "trouble", "--since", ""},
                                                      {"rejects", "trouble", "--reason", ""},
                                                      {"rejects", "trouble", "--older", ""},
                                                      {"history", "trouble", "--outcome", ""},
                                                      {"history", ""},
                                                      {"ledger", "--end", ""},
                                                      {"logs", "--level", ""},
                                                      {"items", "trouble", "--verify", "--campaign", "12"}})
            CPPUNIT_ASSERT_EQUAL(2, carillon(words).run().exitCode);
    }

    void rejectsAreListedAndReplayed() {
        const auto table = carillon({"rejects", "trouble"}).run();
        const auto json = array(carillon({"rejects", "trouble", "--json", "--after", "1", "-n", "1"}).run().out);
        const auto some = carillon({"replay", "trouble", "1", "3"}).run();
        const auto all = carillon({"replay", "trouble", "--all", "--json"}).run();

        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{4}, lines(table.out));
        CPPUNIT_ASSERT(table.err.find("carillon replay trouble") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, json->size());
        CPPUNIT_ASSERT_EQUAL(2, json->getObject(0)->getValue<int>("id"));
        CPPUNIT_ASSERT_EQUAL(0, some.exitCode);
        CPPUNIT_ASSERT_MESSAGE(some.out, some.out.starts_with("trouble succeeded: replayed 2, "));
        CPPUNIT_ASSERT_EQUAL(std::string("replayed all"), object(all.out)->getValue<std::string>("message"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, array(carillon({"history", "--json"}).run().out)->size());
        _folder->addJob("idle", "job.plugin = Troublemaker\njob.task = IdleTask\n");
        const auto none = carillon({"rejects", "idle"}).run();
        CPPUNIT_ASSERT_EQUAL(1, none.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string(), none.out);
        CPPUNIT_ASSERT_EQUAL(std::string("carillon: error: this task keeps no rejects\n"), none.err);
    }

    void validateFindsEveryFault() {
        _folder->write("carillon.properties", "plugins.dir = plugins\njobs.enabled = ghost\nworkers.max = 0\n");
        _folder->addJob("trouble",
                        kJob + "job.timezone = Mars/Olympus\ntask.lines = x\nlogging.loggers.root.level = loud\n");
        _folder->addJob("lost", "job.plugin = Nowhere\njob.task = T\n");

        const auto result = carillon({"validate"}).run();
        const auto json = carillon({"validate", "--json"}).run();

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string(), result.out);
        for (const std::string part :
             {"carillon.properties:2: jobs.enabled names ghost", "carillon.properties:3: workers.max",
              "trouble.properties:3: job.timezone: time zone Mars/Olympus does not exist",
              "trouble.properties:4: task.lines", "trouble.properties:5: logging.",
              "lost.properties:1: job.plugin = Nowhere: ", "6 faults"})
            CPPUNIT_ASSERT_MESSAGE(part + " in:\n" + result.err, result.err.find(part) != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(2, json.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::size_t{6}, countSeverity(array(json.out), "error"));
        CPPUNIT_ASSERT(!fs::exists(_folder->path() / "state") && !fs::exists(_folder->path() / "logs"));
    }

    /// One fault of each kind, and no sentence of English: only names, values and examples stay as they are.
    void validateSpeaksFrenchAboutEachFault() {
        addFaultsOfEachKind();

        const auto result = carillon({"validate"}).set("LC_ALL", "fr_FR.UTF-8").run();

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        for (const auto* text :
             {"job.overlap = never ; attendu : l’une des valeurs skip, queue, allow, replace",
              "n’est pas une clé connue ; vouliez-vous écrire state.dir ?",
              "est indiqué deux fois, la première à la ligne", "la ligne n’a pas de clé suivie de « = »",
              "job.schedule : « 61 * * * * » n’est pas une planification : le champ des minutes contient « 61 » ; "
              "attendu : de 0 à 59",
              "job.timezone : le fuseau horaire Europe/Pari n’existe pas",
              "job.timeout = soon ; attendu : une durée comme", "job.calendar désigne holidays ; attendu : fr-holidays",
              "job.blackout = noon ; attendu : des plages comme",
              "job.expect.duration est vide : indiquez une limite, ou supprimez la ligne",
              "logging.loggers.root.level = loud ; attendu : l’une des valeurs", "n’est pas en UTF-8",
              "task.lines = many ; attendu : un nombre entier", "contient les instances d’une tâche"})
            CPPUNIT_ASSERT_MESSAGE(text + ("\n" + result.err), contains(result.err, text));
        for (const auto* word : {" expected ", " is ", " has ", " the ", " names ", " not ", " which ", " and "})
            CPPUNIT_ASSERT_MESSAGE(word + ("\n" + result.err), !contains(result.err, word));
    }

    void timesAreThoseOfTheHostsZone() {
        _folder->write("carillon.properties", "plugins.dir = plugins\nhost.timezone = Asia/Tokyo\n");
        CPPUNIT_ASSERT_EQUAL(0, run("succeed").exitCode);

        for (const std::string words : {"history", "ledger", "rejects trouble", "stop trouble"}) {
            const auto result = shell(words).run();
            CPPUNIT_ASSERT_MESSAGE(words, (result.out + result.err).find(" +09:00") != std::string::npos);
        }
        _folder->write("carillon.properties", "plugins.dir = plugins\nhost.timezone = Asia/Tokio\n");
        const std::string refusal = carillon({"history"}).run().err;
        CPPUNIT_ASSERT_MESSAGE(refusal, refusal.find("did you mean Asia/Tokyo?") != std::string::npos);
    }

    void validateAcceptsWhatIsRight() {
        const auto result = carillon({"validate"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(_folder->config() + " is valid: 1 job\n", result.out);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, countSeverity(array(carillon({"validate", "--json"}).run().out), "error"));
    }

    void validateNotesWhatFiresNotAndWhatIsNotRead() {
        _folder->write("carillon.properties", "plugins.dir = plugins\njobs.enabled = listed\n");
        _folder->addJob("listed", kJob + "task.secret.file = trouble.secret\n");
        _folder->write("jobs/trouble.secret", "hush");
        fs::permissions(_folder->path() / "jobs/trouble.secret", fs::perms::owner_read);
        for (const auto* name : {"listed.properties.bak", "other.conf", ".hidden"})
            _folder->write("jobs/" + std::string(name), "");

        const auto result = carillon({"validate"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
        const auto jobs = (_folder->path() / "jobs/").string();
        const std::string unread =
            "is not read: the file of a job ends in .properties, that of its instances in .instances.csv\n";
        CPPUNIT_ASSERT_EQUAL("carillon: note: " + jobs + "listed.properties.bak: " + unread +
                                 "carillon: note: " + jobs + "other.conf: " + unread + "carillon: note: " + jobs +
                                 "trouble.properties: is not in jobs.enabled of " + _folder->config() +
                                 ": it runs only when asked to\n",
                             result.err);
    }

    void validateWarnsOfWhatIsHardlyMeant() {
        _folder->addJob("trouble",
                        kJob + "job.schedule = */90 * * * *\njob.title = \\\\serveur\\agora\\\njob.retries = 3\n");

        const auto result = carillon({"validate"}).run();
        const auto json = array(carillon({"validate", "--json"}).run().out);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
        CPPUNIT_ASSERT(result.out.ends_with(" is valid: 1 job\n"));
        for (const std::string part :
             {"carillon: warning: ", "trouble.properties:4: job.title has a backslash that is dropped",
              "trouble.properties:4: job.title ends with a backslash, which makes line 5 a part of its value, although "
              "it "
              "looks like the key job.retries",
              "trouble.properties:3: job.schedule: */90 in the minute field fires at minute 0 only"})
            CPPUNIT_ASSERT_MESSAGE(part + " in:\n" + result.err, result.err.find(part) != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, countSeverity(json, "warning"));
        CPPUNIT_ASSERT_EQUAL(std::string("warning"), json->getObject(0)->getValue<std::string>("severity"));
    }

    void fileInAnotherEncodingIsRefusedAndAllThatComesOutIsUtf8() {
        _folder->addJob("latin", kJob + "job.title = d\x92\xc9vian\n");

        const auto result = carillon({"validate"}).run();
        const auto json = carillon({"validate", "--json"}).run();
        const auto jobs = carillon({"jobs", "--json"}).run();

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err,
                               result.err.find("latin.properties:3: is not UTF-8: it has the byte 0x92, which is "
                                               "\u2019 in Windows-1252; save the file as UTF-8") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.ends_with("carillon: error: 1 fault\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("error"), array(json.out)->getObject(0)->getValue<std::string>("severity"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, array(jobs.out)->size());
        for (const auto& out : {result.err, json.out, jobs.out})
            CPPUNIT_ASSERT_MESSAGE(out, !carillon::findOtherEncoding(out));
        CPPUNIT_ASSERT_EQUAL(2, carillon({"run", "latin"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(0, carillon({"run", "trouble"}).run().exitCode);
    }

    void initWritesWhatHasNoWarning() {
        Command({kProgram, "init", at("new")}).run();

        const auto result = Command({kProgram, "--config", at("new/carillon.properties"), "validate"}).run();

        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("warning") == std::string::npos);
    }

    void initWritesAFolderAndNeverOverwrites() {
        const auto first = Command({kProgram, "init", at("new")}).run();
        const std::string written = _folder->read("new/carillon.properties");
        _folder->write("new/carillon.properties", "mine\n");
        fs::remove(_folder->path() / "new/jobs/tokens-clean.properties");

        const auto second = Command({kProgram, "init", at("new")}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(first.err, 0, first.exitCode);
        CPPUNIT_ASSERT(written.find("jobs.enabled") != std::string::npos);
        CPPUNIT_ASSERT(_folder->read("new/jobs/sync-passerelle.properties").find("PasserelleSync") !=
                       std::string::npos);
        CPPUNIT_ASSERT_EQUAL(2, second.exitCode);
        CPPUNIT_ASSERT_EQUAL(
            "carillon: error: " + at("new/carillon.properties") + " exists already; nothing was written\n", second.err);
        CPPUNIT_ASSERT_EQUAL(std::string("mine\n"), _folder->read("new/carillon.properties"));
        CPPUNIT_ASSERT(!fs::exists(_folder->path() / "new/jobs/tokens-clean.properties"));
        CPPUNIT_ASSERT_EQUAL(1, Command({kProgram, "init", "/proc/no"}).run().exitCode);
    }

    void initWritesAProjectIntoAnEmptyFolderOnly() {
        const auto first = Command({kProgram, "init", "--plugin", "GateKeeper", at("new")}).run();
        const std::string task = _folder->read("new/GateKeeper.cpp");
        _folder->write("new/GateKeeper.cpp", "mine\n");

        const auto second = Command({kProgram, "init", "--plugin", "GateKeeper", at("new")}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(first.err, 0, first.exitCode);
        CPPUNIT_ASSERT(first.out.find("wrote " + at("new/jobs/gate-keeper.properties\n")) != std::string::npos);
        CPPUNIT_ASSERT(task.find("CARILLON_TASK(GateKeeper)") != std::string::npos);
        CPPUNIT_ASSERT(_folder->read("new/CMakeLists.txt").find("GateKeeperTest.cpp") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(2, second.exitCode);
        CPPUNIT_ASSERT_EQUAL("carillon: error: " + at("new") + " is not empty; nothing was written\n", second.err);
        CPPUNIT_ASSERT_EQUAL(std::string("mine\n"), _folder->read("new/GateKeeper.cpp"));
    }

    void initRefusesANameThatIsNoClass() {
        for (const std::string name : {"gate-keeper", "9th", "", "_x", "a__b", "two words", "Gäste", "class", "Poco"}) {
            const auto result = Command({kProgram, "init", "--plugin", name, at("new")}).run();

            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, 2, result.exitCode);
            CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("cannot be the name of a class") != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(result.err, result.err.ends_with(" such as Greeter\n"));
            CPPUNIT_ASSERT(!fs::exists(at("new")));
        }
        CPPUNIT_ASSERT_EQUAL(2,
                             Command({kProgram, "init", "--plugin", std::string(51, 'a'), at("new")}).run().exitCode);
    }

    void logsShowsTheLastLines() {
        run("log", {"--set", "task.lines=100"});

        const auto ten = carillon({"logs", "trouble", "-n", "10"}).run();
        const auto json = carillon({"logs", "trouble", "-n", "2", "--json"}).run();

        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{10}, lines(ten.out));
        CPPUNIT_ASSERT(ten.out.find(" step.done step=99\n") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{50}, lines(carillon({"logs", "trouble"}).run().out));
        std::istringstream objects(json.out);
        std::string line;
        std::getline(objects, line);
        CPPUNIT_ASSERT_EQUAL(std::string("step.done"), object(line)->getValue<std::string>("event"));
        CPPUNIT_ASSERT_EQUAL(99, object(line)->getValue<int>("step"));
        std::getline(objects, line);
        CPPUNIT_ASSERT_EQUAL(std::string("run.finished"), object(line)->getValue<std::string>("event"));
        CPPUNIT_ASSERT_EQUAL(std::string(), carillon({"logs", "trouble", "-n", "0"}).run().out);
    }

    void logsOfOneRunAreFoundBehindOthers() {
        const auto wanted = object(run("log", {"--json", "--set", "task.lines=3"}).out)->getValue<std::string>("run");
        run("log", {"--set", "task.lines=200"});

        const auto all = carillon({"logs", "trouble", "--run", wanted}).run();
        const auto last = carillon({"logs", "trouble", "--run", wanted, "-n", "1"}).run();

        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{5}, lines(all.out));
        CPPUNIT_ASSERT(all.out.find(" run.started ") < all.out.find(" run.finished "));
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{1}, lines(last.out));
        CPPUNIT_ASSERT(last.out.find(" run.finished ") != std::string::npos);
    }

    void logsFollowsUntilItIsStopped() {
        run("log");
        auto following = carillon({"logs", "trouble", "-f", "-n", "1"}).start();
        CPPUNIT_ASSERT(waitUntil([&following] { return lines(following.out()) == 1; }));

        run("log", {"--set", "task.lines=5"});

        CPPUNIT_ASSERT(waitUntil([&following] { return lines(following.out()) == 8; }));
        following.signal(SIGINT);
        CPPUNIT_ASSERT_EQUAL(128 + SIGINT, following.wait().exitCode);
    }

    void logsOfSeveralJobsAreMergedByTime() {
        _folder->addJob("other", kJob);
        run("log", {"--set", "task.lines=2"});
        carillon({"run", "other", "--set", "task.run=log", "--set", "task.lines=2"}).run();

        for (const auto& words :
             std::vector<std::vector<std::string>>{{"logs"}, {"logs", "trouble", "other"}, {"logs", "*"}}) {
            const auto both = carillon(words).run();
            CPPUNIT_ASSERT_EQUAL(both.err, std::string());
            CPPUNIT_ASSERT(both.out.starts_with("trouble | "));
            CPPUNIT_ASSERT(both.out.rfind("trouble | ") < both.out.find("other   | "));
        }
        const auto json = carillon({"logs", "-n", "1", "--json"}).run();
        CPPUNIT_ASSERT_EQUAL(std::string("other"), object(json.out)->getValue<std::string>("job"));
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{2}, lines(carillon({"logs", "--text", "STEP=1"}).run().out));
        CPPUNIT_ASSERT_EQUAL(std::string(), carillon({"logs", "--level", "error"}).run().out);
        CPPUNIT_ASSERT_EQUAL(std::string(), carillon({"logs", "--until", "2020-01-01"}).run().out);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{8}, lines(carillon({"logs", "--since", "1h"}).run().out));
        for (const auto& words : std::vector<std::vector<std::string>>{{"logs", "--level", "loud"},
                                                                       {"logs", "--since", "noon"},
                                                                       {"logs", "zz*"},
                                                                       {"logs", "-f", "--until", "1h"}})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(words.back(), 2, carillon(words).run().exitCode);
    }

    void logsWithoutALogIsEmpty() {
        const auto result = carillon({"logs", "trouble"}).run();

        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string(), result.out + result.err);
    }

    void filesAreNotForOthers() {
        const mode_t before = ::umask(022);
        run("succeed");
        Command({kProgram, "init", at("new")}).run();
        ::umask(before);

        for (const auto* name : {"state", "logs", "new", "new/jobs"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, mode_t{0750}, mode(name));
        for (const auto* name : {"state/carillon.db", "logs/trouble.log", "new/carillon.properties"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, mode_t{0640}, mode(name));
        for (const auto& file : fs::recursive_directory_iterator(_folder->path() / "state"))
            CPPUNIT_ASSERT_EQUAL(fs::perms::none, file.status().permissions() & fs::perms::others_all);
    }

    void resultsThatCannotBeWrittenLeaveOne() {
        for (const std::string words :
             {"run trouble", "run trouble --json", "jobs", "jobs --json", "history", "ledger", "plugins",
              "check trouble", "validate", "rejects trouble", "explain '* * * * *'", "next --expr '* * * * *'",
              "logs trouble", "alerts", "pause trouble", "--help"}) {
            const auto result = shell(words + " > /dev/full").run();

            CPPUNIT_ASSERT_EQUAL_MESSAGE(words + result.err, 1, result.exitCode);
            CPPUNIT_ASSERT_MESSAGE(
                words + ": " + result.err,
                result.err.ends_with("carillon: error: the results could not be written to stdout (No "
                                     "space left on device)\n"));
        }
        CPPUNIT_ASSERT_EQUAL(2, shell("dance > /dev/full").run().exitCode);
    }

    void closedStreamsAreNoFilesOfTheProgram() {
        CPPUNIT_ASSERT_EQUAL(1, shell("run trouble <&- >&-").run().exitCode);
        CPPUNIT_ASSERT_EQUAL(1, shell("run trouble <&- >&- 2>&-").run().exitCode);

        const auto history = carillon({"history"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(history.err, 0, history.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, countOf(history.out, "succeeded"));
    }

    void readerWhoLeavesIsNoFault() {
        const auto result =
            Command(
                {"sh", "-c", "(" + kProgram + " next --expr '* * * * * *' -n 50000; echo \"left $?\" >&2) | head -n 1"})
                .run();

        CPPUNIT_ASSERT_EQUAL(std::string("left 0\n"), result.err);
    }

    void stricterUmaskIsKept() {
        const mode_t before = ::umask(077);
        run("succeed");
        ::umask(before);

        for (const auto* name : {"state", "logs"}) CPPUNIT_ASSERT_EQUAL_MESSAGE(name, mode_t{0700}, mode(name));
        for (const auto* name : {"state/carillon.db", "logs/trouble.log"})
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, mode_t{0600}, mode(name));
    }

    void noColoursOutsideATerminal() {
        std::string all;
        for (const std::string trouble : {"fail", "progress_slowly"}) {
            const auto result = run(trouble);
            all += result.out + result.err;
        }
        for (const auto& words : std::vector<std::vector<std::string>>{
                 {"history"}, {"jobs"}, {"plugins"}, {"check"}, {"validate"}, {"logs", "trouble"}, {"run", "x"}}) {
            const auto result = carillon(words).run();
            all += result.out + result.err;
        }

        CPPUNIT_ASSERT(all.find('\033') == std::string::npos);
        CPPUNIT_ASSERT(all.find('\r') == std::string::npos);
    }

    void terminalGetsColoursAndABar() {
        const auto result = carillon({"run", "trouble", "--set", "task.run=progress_slowly"}).onTerminal().run();

        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT(result.out.find("trouble \033[32msucceeded\033[0m: progressed") != std::string::npos);
        CPPUNIT_ASSERT(result.out.find("█") != std::string::npos);
        CPPUNIT_ASSERT(result.out.find(" of 10 items") != std::string::npos);
        // The bar is gone before the result is printed.
        CPPUNIT_ASSERT(result.out.find("\r\033[Ktrouble ") != std::string::npos);
    }

    void noColorIsRespected() {
        const auto result = carillon({"history"}).onTerminal().set("NO_COLOR", "1").run();

        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT(result.out.starts_with("RUN "));
        CPPUNIT_ASSERT(carillon({"history"}).onTerminal().run().out.starts_with("\033[1mRUN\033[0m "));
    }

    void tableFitsTheTerminal() {
        constexpr std::size_t kColumns = 110;
        _folder->addJob("trouble", kJob + "job.title = " + std::string(200, 'x') + "\n");

        const auto result = carillon({"jobs"}).onTerminal(kColumns).set("NO_COLOR", "1").run();

        std::istringstream text(result.out);
        for (std::string line; std::getline(text, line);)
            CPPUNIT_ASSERT_MESSAGE(line, line.size() <= kColumns + std::string("\r").size());
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{200}, std::count(result.out.begin(), result.out.end(), 'x'));
    }

private:
    inline static const std::string kProgram = CARILLON_TEST_PROGRAM;
    inline static const std::string kJob = "job.plugin = Troublemaker\njob.task = Troublemaker\n";

    static bool contains(const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    }

    void addFaultsOfEachKind() const {
        _folder->write("carillon.properties",
                       "plugins.dir = plugins\nworkers.max = none\nstate.dirs = x\njobs.enabled = ghost\n"
                       "workers.max = 4\nno key here\nhttp.address = nowhere\nalerts.on = sometimes\n"
                       "alerts.mail.to = nobody\nhttp.proxy.trusted = here\nstore.connector = MySQL\n"
                       "http.url = page\nworkers.group.A = 1\n");
        _folder->addJob("trouble", kJob +
                                       "job.timezone = Europe/Pari\ntask.lines = many\n"
                                       "logging.loggers.root.level = loud\nlogging.channels.c.class = Odd\n");
        _folder->addJob("keys", kJob +
                                    "job.schedule = 61 * * * *\njob.timeout = soon\njob.calendar = holidays\n"
                                    "job.blackout = noon\njob.expect.duration =\njob.memory = much\n"
                                    "job.overlap = never\njob.group = g\ntask.dir = ${system.env.NOBODY_SETS_IT}\n");
        _folder->write("jobs/cal.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:x\nEND:VEVENT\nEND:VCALENDAR\n");
        _folder->addJob("days", kJob + "job.schedule = @weekly x\njob.calendar = cal.ics\n");
        _folder->addJob("odd", kJob + "job.timeout = 30\u00a0s\njob.title = caf\xe9\n");
        _folder->addJob("towns", kJob + "job.title = ${instance.town}\n");
        _folder->write("jobs/towns.instances.csv", "name,zone\nparis,x,y\nLyon,z\nparis,a\nparis,b\n\"x\"y,1\n");
        _folder->write("jobs/gone.instances.csv", "name\na\n");
        _folder->write("jobs/Bad Name.properties", "");
        _folder->write("users.json", "{\"people\": 1, \"x\": 2}");
        _folder->addJob("lost", "job.plugin = Nowhere\njob.task = T\n");
    }

    Command carillon(std::vector<std::string> words) const {
        words.insert(words.begin(), {kProgram, "--config", _folder->config()});
        return Command(std::move(words));
    }

    /// The words and what follows them as a shell reads them.
    Command shell(const std::string& words) const {
        return Command({"sh", "-c", kProgram + " --config " + _folder->config() + ' ' + words});
    }

    static std::size_t countOf(const std::string& text, const std::string& part) {
        std::size_t count = 0;
        for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++count;
        return count;
    }

    CommandResult run(const std::string& trouble, const std::vector<std::string>& more = {}) const {
        return runCommand(trouble, more).run();
    }

    /// Returns once the task has begun.
    RunningCommand start(const std::string& trouble, const std::vector<std::string>& more = {}) const {
        auto running = runCommand(trouble, more).start();
        CPPUNIT_ASSERT(waitUntil([this] { return _folder->log("trouble").find("wait.began") != std::string::npos; }));
        return running;
    }

    Command runCommand(const std::string& trouble, const std::vector<std::string>& more) const {
        std::vector<std::string> words{"run", "trouble", "--set", "task.run=" + trouble};
        words.insert(words.end(), more.begin(), more.end());
        return carillon(words);
    }

    std::string at(const std::string& name) const { return (_folder->path() / name).string(); }

    mode_t mode(const std::string& name) const {
        struct stat status {};
        CPPUNIT_ASSERT_EQUAL_MESSAGE(name, 0, ::stat(at(name).c_str(), &status));
        return status.st_mode & 07777;
    }

    static std::ptrdiff_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

    static Poco::JSON::Object::Ptr object(const std::string& text) {
        Poco::JSON::Parser parser(new Poco::JSON::ParseHandler(true));
        return parser.parse(text).extract<Poco::JSON::Object::Ptr>();
    }
    static std::size_t countSeverity(const Poco::JSON::Array::Ptr& found, const std::string& severity) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < found->size(); ++i)
            if (found->getObject(static_cast<unsigned>(i))->getValue<std::string>("severity") == severity) ++count;
        return count;
    }
    static Poco::JSON::Array::Ptr array(const std::string& text) {
        return Poco::JSON::Parser().parse(text).extract<Poco::JSON::Array::Ptr>();
    }

    static bool hasChild(pid_t parent) {
        for (const auto& process : fs::directory_iterator("/proc")) {
            std::ifstream stat(process.path() / "stat");
            std::string line;
            if (!std::getline(stat, line)) continue;
            std::istringstream fields(line.substr(line.rfind(')') + 1));
            std::string state;
            pid_t of = 0;
            if (fields >> state >> of && of == parent) return true;
        }
        return false;
    }

    std::unique_ptr<HostFolder> _folder{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(CommandTest);
