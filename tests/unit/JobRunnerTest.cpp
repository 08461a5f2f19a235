#include "runner/JobRunner.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "Poco/JSON/ParseHandler.h"
#include "Poco/JSON/Parser.h"
#include "config/Configuration.h"
#include "support/HostFolder.h"
#include "support/WaitUntil.h"

using namespace carillon;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class JobRunnerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(JobRunnerTest);
    CPPUNIT_TEST(runIsRecordedAndLogged);
    CPPUNIT_TEST(eachTroubleIsAFailedRunAndTheNextSucceeds);
    CPPUNIT_TEST(lastLinesOfACrashAreInTheLog);
    CPPUNIT_TEST(refusedPluginIsAFailedRun);
    CPPUNIT_TEST(faultsOfTheTaskRecordNothing);
    CPPUNIT_TEST(faultsOfTheLogRecordNothing);
    CPPUNIT_TEST(timeLimitEndsTheRun);
    CPPUNIT_TEST(stopSignalReachesTheTask);
    CPPUNIT_TEST(secondStopSignalEndsTheRun);
    CPPUNIT_TEST(secondRunIsRefusedWithTheHolder);
    CPPUNIT_TEST(secondRunThatWaitsRunsAfterTheFirst);
    CPPUNIT_TEST(signalEndsTheWait);
    CPPUNIT_TEST(runOfAKilledHostIsAbandonedAndItsWorkerGone);
    CPPUNIT_TEST(secretsReachNoFile);
    CPPUNIT_TEST(levelOfTheJobsLogReachesTheTask);
    CPPUNIT_TEST(replayIsARun);
    CPPUNIT_TEST(runIdsAreUnique);
    CPPUNIT_TEST(noRunLeavesAProcessOrADescriptor);
    CPPUNIT_TEST(reportHasTheMembersOfTheContractInOrder);
    CPPUNIT_TEST(historyTellsWhatTheReportMeans);
    CPPUNIT_TEST(reportsOfOtherVersionsAreRead);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _folder = std::make_unique<HostFolder>();
        _folder->addPlugin(fs::path(CARILLON_TEST_PLUGINS) / "troublemaker/libTroublemaker.so");
    }
    void tearDown() override { _folder.reset(); }

    void runIsRecordedAndLogged() {
        const RunResult result = run("succeed");

        CPPUNIT_ASSERT(result.kind == RunResult::Kind::Ran);
        CPPUNIT_ASSERT(result.report.outcome == Outcome::Succeeded);
        const RunRow row = history().at(0);
        CPPUNIT_ASSERT_EQUAL(result.identity.run, row.id);
        CPPUNIT_ASSERT(Trigger::Cli == row.trigger);
        CPPUNIT_ASSERT_EQUAL(std::string("test-host"), row.host);
        CPPUNIT_ASSERT(row.outcome == Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(std::string("all went well"), row.message);
        CPPUNIT_ASSERT_EQUAL(toPublicJson(result), row.report.value());
        const std::string log = _folder->log("trouble");
        CPPUNIT_ASSERT(log.find(' ' + row.id + " run.started trigger=cli\n") != std::string::npos);
        CPPUNIT_ASSERT(log.find(' ' + row.id + " run.finished outcome=succeeded ms=") != std::string::npos);
    }

    void eachTroubleIsAFailedRunAndTheNextSucceeds() {
        const std::vector<std::pair<std::string, std::string>> troubles{
            {"task.run = fail", "the work could not be done"},
            {"task.run = throw_poco", "run fails with Poco"},
            {"task.run = throw_std", "run fails with std"},
            {"task.run = throw_int", "an exception that is no std::exception"},
            {"task.configure = throw_poco", "configure fails with "},
            {"task.configure = throw_int", "an exception that is no std::exception"},
            {"task.run = segfault", "the plugin crashed with SIGSEGV (Segmentation fault)"},
            {"task.run = abort", "the plugin crashed with SIGABRT (Aborted)"},
            {"task.run = kill_self", "the plugin crashed with SIGKILL (Killed)"},
            {"task.run = exit", "the plugin ended the process with exit code 0 before its report"},
            {"task.run = _exit", "the plugin ended the process with exit code 3 before its report"},
            {"task.run = close_all", "the plugin ended the process with exit code 1 before its report"},
            {"job.task = ThrowsInConstructor", "the constructor fails"},
            {"job.task = CrashesInConstructor", "the plugin crashed with SIGABRT (Aborted)"},
        };
        for (const auto& [keys, message] : troubles) {
            const RunResult result = runJobWith(keys);

            CPPUNIT_ASSERT_MESSAGE(keys, result.kind == RunResult::Kind::Ran);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(keys, message, result.report.message.text);
            CPPUNIT_ASSERT(result.report.outcome == Outcome::Failed);
            CPPUNIT_ASSERT_EQUAL(message, history().at(0).message);
            CPPUNIT_ASSERT(history().at(0).outcome == Outcome::Failed);
        }
        CPPUNIT_ASSERT(run("succeed").report.outcome == Outcome::Succeeded);
        CPPUNIT_ASSERT_EQUAL(troubles.size() + 1, history().size());
    }

    void lastLinesOfACrashAreInTheLog() {
        const RunResult result = run("segfault");

        const std::string log = _folder->log("trouble");
        const auto step = log.find(result.identity.run + " step.done step=1\n");
        const auto printed = log.find(result.identity.run + " plugin.printed text=\"about to fall\"\n");
        const auto finished = log.find(" run.finished outcome=failed");
        CPPUNIT_ASSERT(step < finished && printed < finished && finished != std::string::npos);
        CPPUNIT_ASSERT(log.find("SIGSEGV") != std::string::npos);
    }

    void refusedPluginIsAFailedRun() {
        const RunResult result = runJobWith("job.plugin = Nowhere");

        CPPUNIT_ASSERT(result.kind == RunResult::Kind::Ran);
        CPPUNIT_ASSERT(result.report.outcome == Outcome::Failed);
        CPPUNIT_ASSERT(result.report.message.text.find("plugins/libNowhere.so: No such file") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(result.report.message.text, history().at(0).message);
    }

    void faultsOfTheTaskRecordNothing() {
        const RunResult result = runJobWith("task.lines = many\ntask.rum = succeed");

        CPPUNIT_ASSERT(result.kind == RunResult::Kind::BadConfiguration);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, result.faults.size());
        CPPUNIT_ASSERT(result.faults[0].sentence().find("trouble.properties:3: task.lines = many") !=
                       std::string::npos);
        CPPUNIT_ASSERT(history().empty());
        CPPUNIT_ASSERT_EQUAL(std::string(), _folder->log("trouble"));
    }

    void faultsOfTheLogRecordNothing() {
        const RunResult result = runJobWith("logging.loggers.root.level = loud");

        CPPUNIT_ASSERT(result.kind == RunResult::Kind::BadConfiguration);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, result.faults.size());
        CPPUNIT_ASSERT(result.faults[0].sentence().find("trouble.properties:3: logging.loggers.root.level") !=
                       std::string::npos);
        CPPUNIT_ASSERT(history().empty());
    }

    void timeLimitEndsTheRun() {
        _timeout = 100ms;
        _limits.stopGrace = 50ms;

        const RunResult hung = run("hang");
        const RunResult heeded = run("wait_for_stop");

        CPPUNIT_ASSERT_EQUAL(std::string("did not end within its time limit of 100ms, and was ended"),
                             hung.report.message.text);
        CPPUNIT_ASSERT(heeded.report.outcome == Outcome::Failed);
        CPPUNIT_ASSERT_EQUAL(0, hung.stoppedBy);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, history().size());
    }

    void stopSignalReachesTheTask() {
        const RunResult result = run("wait_for_stop", stopping(1, SIGTERM));

        CPPUNIT_ASSERT_EQUAL(std::string("the run was asked to stop"), result.report.message.text);
        CPPUNIT_ASSERT(result.report.outcome == Outcome::Failed);
        CPPUNIT_ASSERT_EQUAL(SIGTERM, result.stoppedBy);
    }

    void secondStopSignalEndsTheRun() {
        const auto before = std::chrono::steady_clock::now();

        const RunResult result = run("hang", stopping(2, SIGINT));

        CPPUNIT_ASSERT_EQUAL(std::string("stopped by SIGINT, and was ended"), result.report.message.text);
        CPPUNIT_ASSERT_EQUAL(SIGINT, result.stoppedBy);
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - before < WorkerLimits{}.stopGrace / 2);
    }

    void secondRunIsRefusedWithTheHolder() {
        const pid_t other = runElsewhere("wait_for_stop");

        const RunResult result = run("succeed");

        ::kill(other, SIGKILL);
        ::waitpid(other, nullptr, 0);
        CPPUNIT_ASSERT(result.kind == RunResult::Kind::Busy);
        CPPUNIT_ASSERT_EQUAL(history().at(0).id, result.holder.run);
        CPPUNIT_ASSERT_EQUAL(static_cast<int>(other), result.holder.pid);
        CPPUNIT_ASSERT_EQUAL(std::string("test-host"), result.holder.host);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, history().size());
        const SlotRow slot = store().ledger("trouble", 1).at(0);
        CPPUNIT_ASSERT(slot.ending == SlotEnding::Skipped);
        CPPUNIT_ASSERT_EQUAL(std::string("overlap"), textOf(slot.reason));
    }

    void secondRunThatWaitsRunsAfterTheFirst() {
        const pid_t other = runElsewhere("wait", "task.wait = 500ms");
        _wait = true;

        const RunResult result = run("succeed");

        int status = -1;
        ::waitpid(other, &status, 0);
        CPPUNIT_ASSERT_EQUAL(0, status);
        CPPUNIT_ASSERT(result.kind == RunResult::Kind::Ran);
        CPPUNIT_ASSERT(result.report.outcome == Outcome::Succeeded);
        const auto runs = history();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, runs.size());
        CPPUNIT_ASSERT(runs[1].finishedAt && runs[0].startedAt >= *runs[1].finishedAt);
        for (const auto& slot : store().ledger("trouble", 10)) CPPUNIT_ASSERT(slot.ending == SlotEnding::Ran);
    }

    void signalEndsTheWait() {
        const pid_t other = runElsewhere("wait_for_stop");
        _wait = true;
        RunFollower follower;
        int asked = 0;
        follower.stopSignals = [&asked] { return StopSignals{++asked > 5 ? 1 : 0, SIGTERM}; };

        const RunResult result = run("succeed", follower);

        ::kill(other, SIGKILL);
        ::waitpid(other, nullptr, 0);
        CPPUNIT_ASSERT(result.kind == RunResult::Kind::Busy);
        CPPUNIT_ASSERT_EQUAL(SIGTERM, result.stoppedBy);
    }

    void runOfAKilledHostIsAbandonedAndItsWorkerGone() {
        const pid_t other = runElsewhere("wait_for_stop");
        const std::string log = _folder->log("trouble");
        const int worker = std::stoi(log.substr(log.find("pid=") + 4));

        ::kill(other, SIGKILL);
        ::waitpid(other, nullptr, 0);

        CPPUNIT_ASSERT(waitUntil([worker] { return isGone(worker); }));
        CPPUNIT_ASSERT(run("succeed").report.outcome == Outcome::Succeeded);
        const auto runs = history();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, runs.size());
        CPPUNIT_ASSERT(runs[1].outcome == Outcome::Failed);
        CPPUNIT_ASSERT(_folder->log("trouble").find("run.abandoned abandoned=" + runs[1].id) != std::string::npos);
    }

    void secretsReachNoFile() {
        const std::string secret = "hunter2hunter2";
        const auto key = _folder->write("jobs/key", secret + "\n");

        for (const auto* trouble : {"tell_secrets", "throw_secret", "print", "print_without_end"}) {
            const RunResult result = runJobWith(std::string("task.secret.file = key\ntask.run = ") + trouble);
            CPPUNIT_ASSERT(toPublicJson(result).find(secret) == std::string::npos);
        }
        runJobWith("task.secret.file = key\ntask.configure = throw_poco");

        fs::remove(key);
        std::size_t files = 0;
        for (const auto& file : fs::recursive_directory_iterator(_folder->path())) {
            if (!file.is_regular_file() || file.path().extension() == ".so") continue;
            std::ifstream in(file.path(), std::ios::binary);
            const std::string bytes{std::istreambuf_iterator<char>(in), {}};
            CPPUNIT_ASSERT_MESSAGE(file.path().string(), bytes.find("hunter") == std::string::npos);
            ++files;
        }
        CPPUNIT_ASSERT(files >= 4);
        CPPUNIT_ASSERT(_folder->log("trouble").find("[secret]") != std::string::npos);
    }

    void levelOfTheJobsLogReachesTheTask() {
        runJobWith("task.run = log_levels\nlogging.loggers.root.level = debug");

        CPPUNIT_ASSERT(_folder->log("trouble").find(" a.debug\n") != std::string::npos);
    }

    void replayIsARun() {
        _folder->addJob("trouble", kJob);
        const HostConfig host = readHost();
        const JobConfig job = readJobConfig(host, "trouble");
        const RunOrder order{host, job, WorkerRequest::Verb::Replay, {{1, 2}, {}}};

        const RunResult result = runJob(order, _clock, {});

        CPPUNIT_ASSERT_EQUAL(std::string("replayed 2"), result.report.message.text);
        CPPUNIT_ASSERT_EQUAL(std::string("replayed 2"), history().at(0).message);
    }

    void runIdsAreUnique() {
        std::set<std::string> ids;

        for (int i = 0; i < 30; ++i) ids.insert(run("identity").report.message.text);

        CPPUNIT_ASSERT_EQUAL(std::size_t{30}, ids.size());
    }

    void noRunLeavesAProcessOrADescriptor() {
        run("succeed");
        const auto before = openDescriptors();

        for (const auto* trouble : {"succeed", "segfault", "fork", "scribble", "close_all", "exit"}) run(trouble);
        runJobWith("task.lines = many");

        CPPUNIT_ASSERT_EQUAL(before, openDescriptors());
        CPPUNIT_ASSERT_EQUAL(-1, ::waitpid(-1, nullptr, WNOHANG));
        CPPUNIT_ASSERT_EQUAL(ECHILD, errno);
    }

    void reportHasTheMembersOfTheContractInOrder() {
        Poco::JSON::Parser parser(new Poco::JSON::ParseHandler(true));
        const auto json = parser.parse(toPublicJson(run("succeed"))).extract<Poco::JSON::Object::Ptr>();

        CPPUNIT_ASSERT(
            (std::vector<std::string>{"job", "run", "trigger", "outcome", "message", "scheduled_at", "started_at",
                                      "finished_at", "attempt", "host", "counters", "warnings"}) == json->getNames());
        CPPUNIT_ASSERT((std::vector<std::string>{"items", "bytes"}) == json->getObject("counters")->getNames());
    }

    void historyTellsWhatTheReportMeans() {
        RunResult result;
        result.report = RunReport::giveUp("no").gauge("waiting", 5, FigureRole::Backlog).warn("look");
        result.report.total("items", 2, {{"outcome", "applied"}});
        const std::string text = toPublicJson(result);

        const RunReport read = told(text);

        CPPUNIT_ASSERT_MESSAGE(text, text.ends_with(R"("counters":{"waiting":5,"items.applied":2},"warnings":["look"],)"
                                                    R"("roles":{"waiting":"backlog"},"given_up":true})"));
        CPPUNIT_ASSERT(read.valueOf(FigureRole::Backlog) == 5 && read.givenUp);
        CPPUNIT_ASSERT_EQUAL(std::string("look"), read.warnings.at(0).text);
        result.report = RunReport::retryLater("busy", std::chrono::seconds(90));
        CPPUNIT_ASSERT_MESSAGE(toPublicJson(result),
                               toPublicJson(result).ends_with(R"("warnings":[],"retry_after_s":90})"));
    }

    void reportsOfOtherVersionsAreRead() {
        const RunReport older = told(R"({"counters":{"pending_after":7},"warnings":[]})");
        const RunReport newer = told(R"({"counters":{"a":1,"b":2},"roles":{"a":"colour","b":"work"},"x":[]})");

        CPPUNIT_ASSERT_EQUAL(std::string("pending_after"), older.figures.at(0).name);
        CPPUNIT_ASSERT(!older.valueOf(FigureRole::Backlog) && !older.givenUp);
        CPPUNIT_ASSERT(newer.figures.at(0).role == FigureRole::None && newer.valueOf(FigureRole::Work) == 2);
        for (const char* broken : {"", "{", "[]", R"({"counters":{"a":"x"}})", R"({"counters":[],"roles":7})"})
            CPPUNIT_ASSERT_MESSAGE(broken, told(broken).figures.empty());
    }

private:
    /// By a row of the history.
    static RunReport told(const std::string& report) {
        RunRow row;
        row.report = report;
        return reportOf(row);
    }

    static constexpr auto kJob = "job.plugin = Troublemaker\njob.task = Troublemaker\n";

    HostConfig readHost() const {
        std::vector<ConfigFault> faults;
        HostConfig host = readHostConfig(_folder->config(), faults);
        CPPUNIT_ASSERT(faults.empty());
        return host;
    }

    /// `keys` from the third line of the job's file on; a job.* key replaces one of the first two.
    RunResult runJobWith(const std::string& keys, const RunFollower& follower = {}) const {
        std::string file = keys.find("job.plugin") == std::string::npos ? "job.plugin = Troublemaker\n" : "";
        file += keys.find("job.task") == std::string::npos ? "job.task = Troublemaker\n" : "";
        _folder->addJob("trouble", file + keys + "\n");
        const HostConfig host = readHost();
        const JobConfig job = readJobConfig(host, "trouble");
        CPPUNIT_ASSERT(job.faults.empty());
        RunOrder order{host, job};
        order.timeout = _timeout;
        order.wait = _wait;
        order.limits = _limits;
        return runJob(order, _clock, follower);
    }
    RunResult run(const std::string& trouble, const RunFollower& follower = {}) const {
        return runJobWith("task.run = " + trouble, follower);
    }

    /// In another process; returns once the task has begun.
    pid_t runElsewhere(const std::string& trouble, const std::string& keys = "") const {
        const pid_t pid = ::fork();
        if (pid == 0) {
            const RunResult result = runJobWith("task.run = " + trouble + "\n" + keys);
            ::_exit(result.report.outcome == Outcome::Succeeded ? 0 : 1);
        }
        CPPUNIT_ASSERT(waitUntil([this] { return _folder->log("trouble").find("wait.began") != std::string::npos; }));
        return pid;
    }

    /// As if so many signals came once the task has begun.
    RunFollower stopping(int times, int number) {
        RunFollower follower;
        follower.onLogLine = [this](const std::string& line) { _began = _began || line.starts_with("wait.began"); };
        follower.stopSignals = [this, times, number] { return StopSignals{_began ? times : 0, number}; };
        return follower;
    }

    RunStore store() const { return {(_folder->path() / "state").string(), _clock}; }
    std::vector<RunRow> history() const { return store().history("trouble", 100); }

    static std::size_t openDescriptors() {
        const fs::directory_iterator all("/proc/self/fd");
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }

    /// Also when nobody has waited for it yet.
    static bool isGone(int pid) {
        std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
        std::string line;
        if (!std::getline(stat, line)) return true;
        return std::string_view("ZX").find(line[line.rfind(')') + 2]) != std::string_view::npos;
    }

    std::unique_ptr<HostFolder> _folder{};
    SystemClock _clock{};
    std::chrono::milliseconds _timeout{0};
    bool _wait = false;
    WorkerLimits _limits{};
    bool _began = false;
};

CPPUNIT_TEST_SUITE_REGISTRATION(JobRunnerTest);
