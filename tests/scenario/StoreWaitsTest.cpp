#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "Poco/JSON/Array.h"
#include "support/ServedHost.h"
#include "support/TestSkipped.h"

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// Commands whose store is held by another program, or cannot be written: they wait, obey, and say what happened.
class StoreWaitsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StoreWaitsTest);
    CPPUNIT_TEST(signalEndsTheWaitForAStore);
    CPPUNIT_TEST(waitForAStoreHasALimit);
    CPPUNIT_TEST(storeThatIsFreedInTimeIsUsed);
    CPPUNIT_TEST(signalReachesARunWhoseStoreIsHeld);
    CPPUNIT_TEST(endOfARunWaitsForTheStore);
    CPPUNIT_TEST(signalEndsTheWaitForTheEnd);
    CPPUNIT_TEST(fullDiskIsASentenceWithTheRemedy);
    CPPUNIT_TEST(runOfAHostWithoutStoreWaitsWithALimitAndObeys);
    CPPUNIT_TEST(pauseOfAHostWithoutStoreSaysHowItStands);
    CPPUNIT_TEST(slotsThatTheStoreCostAreMissedWithTheReason);
    CPPUNIT_TEST(hostWithoutStoreEndsAtItsDrainLimit);
    CPPUNIT_TEST(runThatLosesItsLockIsStopped);
    CPPUNIT_TEST(lockThatIsRemovedIsTakenAgain);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _host = std::make_unique<ServedHost>();
        _host->addJob("job", "succeed");
        _host->addJob("long", "wait", "task.wait = 1s\n");
        _host->addJob("hang", "hang");
        _host->addJob("patient", "wait_for_stop");
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "job"}).run().exitCode);  // makes the store
    }
    void tearDown() override {
        _lock.reset();
        _host.reset();
        if (_mounted.empty()) return;
        Command({"umount", "-l", _mounted}).run();
        fs::remove_all(fs::path(_mounted).parent_path());
    }

    void signalEndsTheWaitForAStore() {
        holdStore();
        for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
            auto run = _host->carillon({"run", "job"}).start();
            std::this_thread::sleep_for(500ms);
            CPPUNIT_ASSERT(!run.hasEnded());
            run.signal(number);

            CPPUNIT_ASSERT(waitUntil([&run] { return run.hasEnded(); }, 2s));
            const auto result = run.wait();
            CPPUNIT_ASSERT_EQUAL(128 + number, result.exitCode);
            CPPUNIT_ASSERT_MESSAGE(
                result.err,
                result.err.starts_with("carillon: error: stopped before it began, while it waited for the store in "));
        }
    }

    void waitForAStoreHasALimit() {
        holdStore();
        const auto began = Clock::now();

        const auto result = _host->carillon({"run", "job"}).run();

        CPPUNIT_ASSERT_EQUAL(1, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err,
                               result.err.find("carillon.db: is locked by another program; end that program, "
                                               "or try again") != std::string::npos);
        const auto took = Clock::now() - began;
        CPPUNIT_ASSERT(took > 9s && took < 14s);
    }

    void storeThatIsFreedInTimeIsUsed() {
        holdStore();
        auto run = _host->carillon({"run", "job"}).start();
        std::this_thread::sleep_for(1s);
        _lock.reset();

        CPPUNIT_ASSERT_EQUAL(0, run.wait().exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), _host->history("job").back().outcome);
    }

    void signalReachesARunWhoseStoreIsHeld() {
        auto run = startRun("patient");
        holdStore();
        run.signal(SIGINT);
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->folder().log("patient").find("run.finished") != std::string::npos; }, 2s));
        _lock.reset();

        CPPUNIT_ASSERT_EQUAL(128 + SIGINT, run.wait().exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("stopped"), _host->history("patient").back().outcome);
    }

    void endOfARunWaitsForTheStore() {
        auto run = startRun("long");
        holdStore();
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->folder().log("long").find("run.finished") != std::string::npos; }));
        std::this_thread::sleep_for(1s);
        CPPUNIT_ASSERT(!run.hasEnded());
        _lock.reset();

        const auto result = run.wait();
        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string(), result.err);
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), _host->history("long").back().outcome);
    }

    void signalEndsTheWaitForTheEnd() {
        auto run = startRun("long");
        holdStore();
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->folder().log("long").find("run.finished") != std::string::npos; }));
        run.signal(SIGTERM);

        CPPUNIT_ASSERT(waitUntil([&run] { return run.hasEnded(); }, 2s));
        const auto result = run.wait();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.out, 0, result.exitCode);  // the work is done
        CPPUNIT_ASSERT_MESSAGE(result.err,
                               result.err.find("warning: the run is not in the history: its store did not "
                                               "work, and a signal ended the wait for it") != std::string::npos);
    }

    void fullDiskIsASentenceWithTheRemedy() {
        mountSmallState();
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "job"}).run().exitCode);
        fill();
        for (const std::vector<std::string>& words : {std::vector<std::string>{"run", "job"}, {"pause", "job"}}) {
            const auto began = Clock::now();
            const auto result = _host->carillon(words).run();

            CPPUNIT_ASSERT_EQUAL_MESSAGE(result.out, 1, result.exitCode);
            CPPUNIT_ASSERT_MESSAGE(result.err,
                                   result.err.starts_with("carillon: error: " + _mounted + "/carillon.db: "));
            CPPUNIT_ASSERT_MESSAGE(result.err,
                                   result.err.find("its disk is full; free some space") != std::string::npos);
            CPPUNIT_ASSERT(Clock::now() - began < 12s);
        }
        fs::remove(_mounted + "/filler");

        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"run", "job"}).run().exitCode);
        CPPUNIT_ASSERT_EQUAL(std::string("paused job\n"), _host->carillon({"pause", "job"}).run().out);
    }

    void runOfAHostWithoutStoreWaitsWithALimitAndObeys() {
        _host->start();
        holdStore();
        const auto began = Clock::now();
        auto patient = _host->carillon({"run", "job"}).start();
        for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
            auto run = _host->carillon({"run", "job"}).start();
            std::this_thread::sleep_for(500ms);
            run.signal(number);
            CPPUNIT_ASSERT(waitUntil([&run] { return run.hasEnded(); }, 3s));
        }
        auto withdrawn = _host->carillon({"run", "long"}).start();
        CPPUNIT_ASSERT(waitUntil([this] {
            return _host->carillon({"stop", "long"}).run().out.starts_with("withdrew 1 run ");
        }));
        CPPUNIT_ASSERT(waitUntil([&] { return withdrawn.hasEnded(); }, 3s));

        const auto result = patient.wait();

        CPPUNIT_ASSERT_EQUAL(1, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("is locked by another program") != std::string::npos);
        CPPUNIT_ASSERT(Clock::now() - began < 15s);
    }

    void pauseOfAHostWithoutStoreSaysHowItStands() {
        _host->start();
        holdStore();

        const auto result = _host->carillon({"pause", "job"}).run();
        const auto states = _host->status("job")->getArray("jobs");
        _lock.reset();

        CPPUNIT_ASSERT_EQUAL(1, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err,
                               result.err.starts_with("carillon: error: paused in the running host, which writes it "
                                                      "down as soon as its store works; until then a restart undoes "
                                                      "it: "));
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("is locked by another program") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("paused"), states->getObject(0)->getValue<std::string>("state"));
        CPPUNIT_ASSERT(waitUntil([this] { return _host->log().find("store.recovered") != std::string::npos; }));
        _host->stop();
        _host->start();
        CPPUNIT_ASSERT(_host->carillon({"status", "job"}).run().out.find("paused") != std::string::npos);
    }

    void slotsThatTheStoreCostAreMissedWithTheReason() {
        _host->addJob("strict", "succeed", "job.schedule = * * * * * *\njob.misfire = skip\n");
        _host->start();
        CPPUNIT_ASSERT(waitUntil([this] { return !_host->ledger("strict").empty(); }));
        holdStore();
        std::this_thread::sleep_for(8s);
        _lock.reset();
        CPPUNIT_ASSERT(waitUntil([this] { return _host->log().find("store.recovered") != std::string::npos; }));

        const auto slots = _host->ledger("strict");

        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(slots));
        std::size_t missed = 0;
        for (const auto& slot : slots)
            if (slot.reason == "late, and job.misfire is skip (the store failed)") ++missed;
        CPPUNIT_ASSERT(missed >= 2);
    }

    void hostWithoutStoreEndsAtItsDrainLimit() {
        _host->folder().write("carillon.properties",
                              "plugins.dir = plugins\njobs.enabled = *\nhttp.address =\ndrain.timeout = 1s\n");
        _host->start();
        auto run = startRun("long");
        holdStore();
        const auto result = run.wait();
        _host->process().signal(SIGTERM);

        CPPUNIT_ASSERT(waitUntil([this] { return _host->process().hasEnded(); }, 5s));
        CPPUNIT_ASSERT_EQUAL(1, _host->process().wait().exitCode);
        CPPUNIT_ASSERT_EQUAL(0, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("the run is not in the history yet: ") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(
            _host->log(),
            _host->log().find("host.aborted reason=\"the store does not work: ends of runs are not written\"") !=
                std::string::npos);
    }

    /// As after a long sleep of the machine, when another host has taken the job over.
    void runThatLosesItsLockIsStopped() {
        _host->start();
        auto run = startRun("hang");
        const std::string id = _host->history("hang").back().run;
        sql("UPDATE job_state SET fence = fence + 1, run = 'theirs', owner = 'elsewhere/boot/ns/17/1', lease_until = "
            "9000000000000000 WHERE job = 'hang'");

        CPPUNIT_ASSERT_MESSAGE(_host->log(),
                               waitUntil([&] { return _host->log().find("lease.lost") != std::string::npos; }));
        const std::string how = "lost the job's lock to run theirs of host elsewhere (process 17)";
        CPPUNIT_ASSERT_MESSAGE(_host->log(), _host->log().find("lease.lost job=hang run=" + id + " problem=\"" + how) !=
                                                 std::string::npos);
        const std::string problems = _host->problems();
        CPPUNIT_ASSERT_MESSAGE(problems, problems.find("run " + id + " of hang " + how) != std::string::npos);
        const auto ended = run.wait();

        CPPUNIT_ASSERT_EQUAL(1, ended.exitCode);
        CPPUNIT_ASSERT_MESSAGE(ended.out, ended.out.find(how + ", and was ended") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(ended.err, ended.err.find("which may have done the same") != std::string::npos);
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("hang").back().outcome == "failed"; }));
        CPPUNIT_ASSERT_EQUAL(std::string("theirs|2|elsewhere/boot/ns/17/1\n"),
                             sql("SELECT run, fence, owner FROM job_state WHERE job = 'hang'"));
        CPPUNIT_ASSERT_EQUAL(75, _host->carillon({"run", "hang"}).run().exitCode);
    }

    void lockThatIsRemovedIsTakenAgain() {
        _host->addJob("slow", "wait", "task.wait = 13s\n");
        _host->start();
        auto run = startRun("slow");
        sql("DELETE FROM job_state WHERE job = 'slow'");

        CPPUNIT_ASSERT_MESSAGE(
            _host->log(), waitUntil([&] { return _host->log().find("lease.restored job=slow") != std::string::npos; }));
        const std::string id = _host->history("slow").back().run;
        CPPUNIT_ASSERT_EQUAL(id + "|1\n", sql("SELECT run, fence FROM job_state WHERE job = 'slow'"));

        CPPUNIT_ASSERT_EQUAL(0, run.wait().exitCode);
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("slow").back().outcome == "succeeded"; }));
        CPPUNIT_ASSERT_EQUAL(std::string("|1\n"), sql("SELECT run, fence FROM job_state WHERE job = 'slow'"));
    }

private:
    using Clock = std::chrono::steady_clock;

    std::string store() const { return _host->at("state/carillon.db"); }

    std::string sql(const std::string& statement) const {
        const auto result = Command({"sqlite3", "-cmd", ".timeout 5000", store(), statement}).run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
        return result.out;
    }

    /// Until `_lock` is reset.
    void holdStore() {
        _lock.emplace(Command({"sh", "-c",
                               "(echo 'BEGIN EXCLUSIVE; SELECT 1;'; exec sleep 60) | "
                               "sqlite3 -cmd '.timeout 5000' " +
                                   store()})
                          .start());
        CPPUNIT_ASSERT(waitUntil([this] { return _lock->out().find("1\n") != std::string::npos; }));
    }

    RunningCommand startRun(const std::string& job) const {
        auto running = _host->carillon({"run", job}).start();
        CPPUNIT_ASSERT(waitUntil([&] { return _host->folder().log(job).find("wait.began") != std::string::npos; }));
        return running;
    }

    void mountSmallState() {
        fs::remove_all(_host->at("state"));
        fs::create_directory(_host->at("state"));
        if (Command({"mount", "-t", "tmpfs", "-o", "size=1m,mode=750", "tmpfs", _host->at("state")}).run().exitCode !=
            0)
            throw TestSkipped("this user may not mount a file system");
        _mounted = _host->at("state");
    }

    void fill() const {
        std::ofstream out(_mounted + "/filler", std::ios::binary);
        const std::string block(4'096, 'x');
        while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) continue;
    }

    std::unique_ptr<ServedHost> _host{};
    std::optional<RunningCommand> _lock{};
    std::string _mounted{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(StoreWaitsTest);
