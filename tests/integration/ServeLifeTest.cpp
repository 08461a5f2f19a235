#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "Poco/JSON/Array.h"
#include "support/ServedHost.h"
#include "support/TestSkipped.h"

using namespace std::chrono_literals;

namespace {

/// Of the program that a process runs, or ran when nobody has waited for it yet.
std::string nameOf(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/comm");
    std::string name;
    std::getline(file, name);
    return name;
}

}  // namespace

/// How a host begins and ends, in peace and otherwise.
class ServeLifeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServeLifeTest);
    CPPUNIT_TEST(terminationLetsRunsEnd);
    CPPUNIT_TEST(secondTerminationEndsTheRuns);
    CPPUNIT_TEST(drainHasALimit);
    CPPUNIT_TEST(idleHostEndsAtOnceHoweverOften);
    CPPUNIT_TEST(busyHostThatDrainsRepeatsNothing);
    CPPUNIT_TEST(busyHostThatIsHurriedRepeatsNothing);
    CPPUNIT_TEST(busyHostAtItsDrainLimitRepeatsNothing);
    CPPUNIT_TEST(busyHostThatIsKilledRepeatsOnlyWhatItLeft);
    CPPUNIT_TEST(busyHostWhoseStoreIsGoneRepeatsNothing);
    CPPUNIT_TEST(lockThatIsRemovedIsMadeAnew);
    CPPUNIT_TEST(hostThatLosesItsLockEnds);
    CPPUNIT_TEST(endsOfOtherJobsDoNotWaitForAFullGroup);
    CPPUNIT_TEST(secondHostIsRefusedByName);
    CPPUNIT_TEST(leftoversNeverBlockAStart);
    CPPUNIT_TEST(faultyHostFileIsRefused);
    CPPUNIT_TEST(killedHostLosesNoSlot);
    CPPUNIT_TEST(killedHostTakesItsWorkersAlong);
    CPPUNIT_TEST(abandonedRunIsTriedAgain);
    CPPUNIT_TEST(daemonHasAPidFile);
    CPPUNIT_TEST(daemonThatCannotStartSaysSo);
    CPPUNIT_TEST(pidFileThatCannotBeWrittenIsToldBefore);
    CPPUNIT_TEST(warningsAreLoggedAtTheStartAndAtAReload);
    CPPUNIT_TEST(processOneReapsOrphansAndKnowsItsWorkers);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { _host = std::make_unique<ServedHost>("drain.timeout = 20s\n"); }
    void tearDown() override { _host.reset(); }

    void terminationLetsRunsEnd() {
        _host->addJob("tick", "succeed", kEachSecond);
        auto running = startRun("wait", "task.wait = 1500ms\n");

        _host->process().signal(SIGTERM);
        CPPUNIT_ASSERT(waitUntil([this] { return _host->log().find("host.draining running=") != std::string::npos; }));
        const auto slots = _host->ledger("tick");
        CPPUNIT_ASSERT_EQUAL(std::string("draining"), _host->status()->getValue<std::string>("state"));
        const auto late = _host->carillon({"run", "tick"}).run();

        CPPUNIT_ASSERT_EQUAL(0, running.wait().exitCode);
        CPPUNIT_ASSERT_EQUAL(0, _host->process().wait().exitCode);
        CPPUNIT_ASSERT_EQUAL(1, late.exitCode);
        CPPUNIT_ASSERT_MESSAGE(late.err, late.err.find("the host is ending") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), _host->history("job").back().outcome);
        CPPUNIT_ASSERT_EQUAL(slots.size(), _host->ledger("tick").size());
    }

    void secondTerminationEndsTheRuns() {
        auto running = startRun("hang");

        _host->process().signal(SIGTERM);
        CPPUNIT_ASSERT(waitUntil([this] { return _host->log().find("host.draining") != std::string::npos; }));
        CPPUNIT_ASSERT(!_host->process().hasEnded());
        _host->process().signal(SIGTERM);

        CPPUNIT_ASSERT(waitUntil([this] { return _host->process().hasEnded(); }, 5s));
        CPPUNIT_ASSERT_EQUAL(0, _host->process().wait().exitCode);
        CPPUNIT_ASSERT_EQUAL(1, running.wait().exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("the host is ending, and was ended"), _host->history("job").back().message);
    }

    void drainHasALimit() {
        _host->folder().write("carillon.properties",
                              "plugins.dir = plugins\njobs.enabled = *\nhttp.address =\ndrain.timeout = 300ms\n");
        auto running = startRun("wait_for_stop");

        const auto ended = _host->stop();

        CPPUNIT_ASSERT_EQUAL(0, ended.exitCode);
        CPPUNIT_ASSERT_EQUAL(1, running.wait().exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("the run was asked to stop (the host is ending)"),
                             _host->history("job").back().message);
    }

    void idleHostEndsAtOnceHoweverOften() {
        _host->addJob("job", "succeed");
        for (int i = 0; i < 20; ++i) {
            _host->start();
            auto status = _host->carillon({"status"}).start();
            _host->process().signal(SIGTERM);

            CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return _host->process().hasEnded(); }, 5s));
            CPPUNIT_ASSERT_EQUAL(0, _host->process().wait().exitCode);
            CPPUNIT_ASSERT(waitUntil([&status] { return status.hasEnded(); }, 5s));
        }
    }

    void busyHostThatDrainsRepeatsNothing() {
        endBusyHosts([this] {
            _host->process().signal(SIGTERM);
            endsWith(0);
            CPPUNIT_ASSERT_MESSAGE(_host->log(), _host->log().find("host.aborted") == std::string::npos);
        });

        CPPUNIT_ASSERT_MESSAGE(_host->log(), _host->log().find("run.abandoned") == std::string::npos);
        expectOneEffectASlot();
    }

    void busyHostThatIsHurriedRepeatsNothing() {
        endBusyHosts([this] {
            _host->process().signal(SIGTERM);
            CPPUNIT_ASSERT(waitUntil([this] { return _host->log().find("host.draining") != std::string::npos; }));
            _host->process().signal(SIGTERM);
            endsWith(0);
        });

        expectOneEffectASlot();
    }

    void busyHostAtItsDrainLimitRepeatsNothing() {
        endBusyHosts(
            [this] {
                _host->process().signal(SIGTERM);
                endsWith(0);
            },
            "drain.timeout = 50ms\n");

        expectOneEffectASlot();
    }

    /// What a process that is gone has done and not told is not known: such a run, and no other, is tried again.
    void busyHostThatIsKilledRepeatsOnlyWhatItLeft() {
        endBusyHosts([this] { _host->kill(); });

        expectOneEffectASlot();
    }

    void busyHostWhoseStoreIsGoneRepeatsNothing() {
        endBusyHosts([this] {
            for (const auto* file : {"carillon.db", "carillon.db-wal", "carillon.db-shm"})
                std::filesystem::remove(_host->at(std::string("state/") + file));
            CPPUNIT_ASSERT(waitUntil([this] { return _host->log().find("store.replaced") != std::string::npos; }));
            const auto before = linesOf(effects()).size();
            CPPUNIT_ASSERT(waitUntil([&] { return linesOf(effects()).size() >= before + 8; }, 30s));
            _host->process().signal(SIGTERM);
            endsWith(0);
        });

        expectOneEffectASlot();
    }

    void endsOfOtherJobsDoNotWaitForAFullGroup() {
        _host->folder().write("carillon.properties",
                              "plugins.dir = plugins\njobs.enabled = *\nhttp.address =\nworkers.group.one = 1\n");
        const std::string schedule = "job.schedule = " + onceSoon() + "\njob.group = one\n";
        _host->addJob("hang", "wait_for_stop", schedule);
        _host->addJob("hung", "wait_for_stop", schedule);
        _host->addJob("free", "succeed");
        _host->start();
        const auto begun = [this](const std::string& job) {
            return _host->folder().log(job).find("wait.began") != std::string::npos;
        };
        CPPUNIT_ASSERT(waitUntil([&] { return begun("hang") || begun("hung"); }));

        const auto started = std::chrono::steady_clock::now();
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "free"}).run().exitCode);

        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - started < 5s);
    }

    void lockThatIsRemovedIsMadeAnew() {
        _host->addJob("job", "succeed");
        _host->start();

        std::filesystem::remove(_host->at("state/carillon.lock"));
        CPPUNIT_ASSERT(waitUntil([this] { return _host->log().find("lock.restored") != std::string::npos; }));

        CPPUNIT_ASSERT_EQUAL(1, _host->serve().run().exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string(), _host->problems());
    }

    void hostThatLosesItsLockEnds() {
        _host->addJob("job", "wait", "task.wait = 1s\n");
        _host->start();
        auto running = _host->carillon({"run", "job"}).start();
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->folder().log("job").find("wait.began") != std::string::npos; }));

        // Another host is faster than the look of the first one.
        _host->process().signal(SIGSTOP);
        std::filesystem::remove(_host->at("state/carillon.lock"));
        auto other = _host->serve().start();
        CPPUNIT_ASSERT(waitUntil([&other] { return other.err().find("host.ready") != std::string::npos; }));
        _host->process().signal(SIGCONT);

        endsWith(1);
        CPPUNIT_ASSERT_MESSAGE(
            _host->log(), _host->log().find("lock.lost problem=\"this host has lost the lock of its state and ends: " +
                                            _host->at("state") + " is in use by host test-host (process " +
                                            std::to_string(other.pid())) != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(other.pid(), _host->status()->getValue<int>("pid"));
        other.signal(SIGTERM);
        CPPUNIT_ASSERT_EQUAL(0, other.wait().exitCode);
    }

    void secondHostIsRefusedByName() {
        _host->addJob("job", "succeed");
        _host->start();

        const auto second = _host->serve().run();

        CPPUNIT_ASSERT_EQUAL(1, second.exitCode);
        const std::string named = "carillon: error: " + _host->at("state") + " is in use by host test-host (process " +
                                  std::to_string(_host->process().pid()) + ", since ";
        CPPUNIT_ASSERT_MESSAGE(second.err, second.err.starts_with(named));
        CPPUNIT_ASSERT_EQUAL(std::string("ready"), _host->status()->getValue<std::string>("state"));
    }

    void leftoversNeverBlockAStart() {
        _host->addJob("job", "succeed");
        _host->start();
        _host->kill();
        CPPUNIT_ASSERT(std::filesystem::is_socket(_host->at("state/carillon.sock")));
        _host->folder().write("state/carillon.lock", "host test-host (process 1, since long ago)");

        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "job"}).run().exitCode);
        _host->start();
        _host->stop();
        _host->folder().write("state/carillon.sock", "a file");
        _host->start();

        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"status"}).run().exitCode);
    }

    void faultyHostFileIsRefused() {
        _host->folder().write("carillon.properties", "plugins.dir = plugins\nworkers.max = x\n");

        const auto result = _host->serve().run();

        CPPUNIT_ASSERT_EQUAL(2, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("carillon.properties:2: workers.max") != std::string::npos);
    }

    void killedHostLosesNoSlot() {
        _host->addJob("job", "succeed", kEachSecond);
        for (int times = 0; times < 3; ++times) {
            _host->start();
            const auto slots = _host->ledger("job").size();
            CPPUNIT_ASSERT(waitUntil([&] { return _host->ledger("job").size() >= slots + 2; }));
            _host->kill();
            const std::time_t killed = std::time(nullptr);
            CPPUNIT_ASSERT(waitUntil([killed] { return std::time(nullptr) > killed + 1; }));
        }
        _host->start();
        const auto before = _host->ledger("job").size();
        CPPUNIT_ASSERT(waitUntil([&] { return _host->ledger("job").size() >= before + 2; }));
        _host->stop();

        const auto slots = _host->ledger("job");
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(slots));
        std::set<std::string> ran;
        for (const auto& slot : slots) {
            CPPUNIT_ASSERT_MESSAGE(slot.end, slot.end == "ran" || slot.end == "merged");
            if (slot.end == "ran") CPPUNIT_ASSERT(ran.insert(slot.run).second);
        }
        for (const auto& run : _host->history("job")) CPPUNIT_ASSERT_EQUAL(std::size_t{1}, ran.erase(run.run));
        CPPUNIT_ASSERT(ran.empty());
    }

    void killedHostTakesItsWorkersAlong() {
        auto running = startRun("hang");
        const auto workers = childrenOf(_host->process().pid());
        CPPUNIT_ASSERT(!workers.empty());

        _host->kill();

        CPPUNIT_ASSERT_EQUAL(1, running.wait().exitCode);
        for (const pid_t worker : workers) CPPUNIT_ASSERT(waitUntil([worker] { return parentOf(worker) == 0; }));
        _host->start();
        const auto run = _host->history("job").back();
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), run.outcome);
        CPPUNIT_ASSERT_MESSAGE(run.message, run.message.find("its process is gone") != std::string::npos);
    }

    void abandonedRunIsTriedAgain() {
        auto running = startRun("hang", "job.retries = 1\njob.retry.delay = 10ms\n");
        _host->kill();
        _host->addJob("job", "succeed", "job.retries = 1\njob.retry.delay = 10ms\n");

        _host->start();

        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("job").back().outcome == "succeeded"; }));
        CPPUNIT_ASSERT_EQUAL(2, _host->history("job").back().attempt);
        CPPUNIT_ASSERT_EQUAL(std::string("retry"), _host->history("job").back().trigger);
    }

    void daemonHasAPidFile() {
        _host->addJob("job", "succeed", kEachSecond);

        // Kept: what it started is ended with it until it has a session of its own.
        auto command = _host->serve({"--daemon", "--pidfile", _host->at("host.pid")}).start();
        const auto result = command.wait();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
        CPPUNIT_ASSERT(waitUntil([this] { return _host->carillon({"status"}).run().exitCode == 0; }));
        const pid_t daemon = std::stoi(_host->folder().read("host.pid"));
        CPPUNIT_ASSERT_EQUAL(daemon, _host->status()->getValue<int>("pid"));
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("job").size() >= 2; }));
        ::kill(daemon, SIGTERM);

        CPPUNIT_ASSERT(waitUntil([daemon] { return parentOf(daemon) == 0; }));
        CPPUNIT_ASSERT(!std::filesystem::exists(_host->at("host.pid")));
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("job")));
        const std::string log = _host->folder().read("logs/carillon.host.log");
        for (const auto* event : {"host.ready", "host.draining", "host.ended"})
            CPPUNIT_ASSERT_MESSAGE(log, log.find(event) != std::string::npos);
    }

    void daemonThatCannotStartSaysSo() {
        _host->addJob("job", "succeed");
        _host->start();

        const auto second = _host->serve({"--daemon"}).run();

        CPPUNIT_ASSERT_EQUAL(1, second.exitCode);
        CPPUNIT_ASSERT_MESSAGE(second.err, second.err.find("is in use by host test-host") != std::string::npos);
    }

    void pidFileThatCannotBeWrittenIsToldBefore() {
        _host->addJob("job", "succeed");
        const std::vector<std::vector<std::string>> ways{{"--pidfile", _host->at("none/host.pid")},
                                                         {"--daemon", "--pidfile", _host->at("none/host.pid")},
                                                         {"--pidfile", _host->at("jobs")}};
        for (const auto& words : ways) {
            const auto result = _host->serve(words).run();

            CPPUNIT_ASSERT_EQUAL(1, result.exitCode);
            CPPUNIT_ASSERT_MESSAGE(
                result.err,
                result.err.starts_with("carillon: error: --pidfile " + words.back() + " cannot be written: ") &&
                    result.err.ends_with("; give a file in a folder that exists and that this user may write to\n"));
        }
    }

    void warningsAreLoggedAtTheStartAndAtAReload() {
        const auto count = [this] {
            std::size_t lines = 0;
            const std::string log = _host->log();
            for (std::size_t at = 0; (at = log.find("config.warning", at)) != std::string::npos; ++at) ++lines;
            return lines;
        };
        _host->addJob("job", "succeed", "job.schedule = */90 * * * *\n");
        _host->start();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count());

        const auto reload = _host->carillon({"reload"}).run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(reload.err, 0, reload.exitCode);
        CPPUNIT_ASSERT_MESSAGE(reload.err, reload.err.find("carillon: warning: ") == 0 &&
                                               reload.err.find("*/90 in the minute field") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count());
        CPPUNIT_ASSERT_EQUAL(std::string(), _host->problems());
    }

    /// In a container without an init; its own workers end beside the orphans. Those are the children of its seats.
    void processOneReapsOrphansAndKnowsItsWorkers() {
        const std::vector<std::string> container{"unshare", "-pf", "--mount-proc", "--kill-child"};
        auto allowed = container;
        allowed.emplace_back("true");
        if (Command(allowed).run().exitCode != 0) throw TestSkipped{"this user may make no process namespace"};
        _host->addJob("job", "_exit", kEachSecond);
        _host->start(_host->serve().within(container));
        const auto hosts = childrenOf(_host->process().pid());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hosts.size());
        const std::string host = std::to_string(hosts[0]);
        const auto inside = [&host](const std::string& script) {
            return Command({"nsenter", "-t", host, "-p", "-m", "sh", "-c", script}).run();
        };

        const auto sleepers = [&hosts] {
            const auto children = childrenOf(hosts[0]);
            return std::count_if(children.begin(), children.end(),
                                 [](pid_t child) { return nameOf(child) == "sleep"; });
        };

        for (int i = 0; i < 20; ++i) inside("setsid sh -c 'sleep 1 &'");
        CPPUNIT_ASSERT(waitUntil([&] { return sleepers() > 0; }));

        CPPUNIT_ASSERT(waitUntil([&] { return sleepers() == 0; }));
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("job").size() >= 3; }));
        for (const auto& run : _host->history("job"))
            if (run.outcome != "running")
                CPPUNIT_ASSERT_MESSAGE(run.message, run.message.find("exit code 3") != std::string::npos);
        ::kill(hosts[0], SIGTERM);
        CPPUNIT_ASSERT_EQUAL(0, _host->process().wait().exitCode);
    }

private:
    std::string effects() const { return _host->at("effects"); }

    /// Two busy hosts after each other, each of which `end` ends; then one more, until it has tried again what there is
    /// to be. More is due than there are workers, so that jobs always wait for room.
    void endBusyHosts(const std::function<void()>& end, const std::string& hostKeys = {}) {
        const std::string keys = "plugins.dir = plugins\nhttp.address =\nworkers.max = 2\n" + hostKeys;
        const auto addJobs = [this](const std::string& schedule) {
            for (int i = 0; i < kBusyJobs; ++i)
                _host->addJob("busy" + std::to_string(i), "effect",
                              schedule + "job.retries = 1\njob.retry.delay = 10ms\ntask.wait = 300ms\ntask.effects = " +
                                  effects() + "\n");
        };
        _host->folder().write("carillon.properties", keys + "jobs.enabled = *\n");
        addJobs(kEachSecond);
        for (int hosts = 0; hosts < 2; ++hosts) {
            _host->start();
            const std::size_t before = linesOf(effects()).size();
            CPPUNIT_ASSERT(waitUntil([&] { return linesOf(effects()).size() >= before + 8; }, 30s));
            end();
        }
        addJobs("");  // nothing more falls due
        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return isAtRest(); }, 30s));
        _host->stop();
    }

    bool isAtRest() const {
        const auto jobs = _host->status()->getArray("jobs");
        for (std::size_t i = 0; i < jobs->size(); ++i)
            if (jobs->getObject(static_cast<unsigned>(i))->getValue<std::string>("state") != "manual") return false;
        return true;
    }

    void endsWith(int code) {
        CPPUNIT_ASSERT_MESSAGE(_host->log(), waitUntil([this] { return _host->process().hasEnded(); }, 20s));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(_host->log(), code, _host->process().wait().exitCode);
    }

    /// By what the tasks themselves have noted, against the history. A run of which nobody knows how it went is tried
    /// again, so that it may have had its effect before.
    void expectOneEffectASlot() const {
        std::multiset<std::string> noted;
        for (const auto& line : linesOf(effects())) noted.insert(line);
        std::set<std::string> succeeded;
        std::multiset<std::string> unknown;
        for (int i = 0; i < kBusyJobs; ++i) {
            const std::string job = "busy" + std::to_string(i);
            for (const auto& run : _host->history(job)) {
                const std::string slot = job + ' ' + slotText(run.scheduledAt);
                if (run.outcome == "succeeded") CPPUNIT_ASSERT_MESSAGE(slot, succeeded.insert(slot).second);
                if (run.message.find("its process is gone") != std::string::npos) unknown.insert(slot);
            }
        }
        CPPUNIT_ASSERT(!succeeded.empty());
        for (const auto& slot : succeeded) CPPUNIT_ASSERT_MESSAGE(slot + " has no effect", noted.contains(slot));
        for (const auto& slot : noted)
            CPPUNIT_ASSERT_MESSAGE(slot + " has more effects than it may",
                                   noted.count(slot) <= 1 + unknown.count(slot));
    }

    /// As the tasks note it; slots are whole seconds.
    static std::string slotText(std::int64_t microseconds) {
        const std::time_t second = microseconds / kSecond;
        char text[32];
        std::strftime(text, sizeof text, "%FT%T.000Z", std::gmtime(&second));
        return text;
    }

    static std::vector<std::string> linesOf(const std::string& path) {
        std::ifstream file(path);
        std::vector<std::string> lines;
        for (std::string line; std::getline(file, line);) lines.push_back(line);
        return lines;
    }

    static constexpr int kBusyJobs = 10;
    inline static const std::string kEachSecond = "job.schedule = * * * * * *\n";

    /// Starts the host, too. Returns once the task has begun.
    RunningCommand startRun(const std::string& trouble, const std::string& lines = {}) const {
        _host->addJob("job", trouble, lines);
        _host->start();
        auto running = _host->carillon({"run", "job"}).start();
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->folder().log("job").find("wait.began") != std::string::npos; }));
        return running;
    }

    std::unique_ptr<ServedHost> _host{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(ServeLifeTest);
