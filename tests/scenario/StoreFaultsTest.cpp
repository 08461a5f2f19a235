#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>

#include "support/ServedHost.h"
#include "support/TestSkipped.h"

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// A host whose store is lost, locked, full or not to be written: it tells, and goes on by itself afterwards.
class StoreFaultsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StoreFaultsTest);
    CPPUNIT_TEST(deletedStoreIsMadeAnew);
    CPPUNIT_TEST(emptyStoreIsFilledAnew);
    CPPUNIT_TEST(lockedStoreIsWaitedFor);
    CPPUNIT_TEST(readOnlyStoreIsWaitedFor);
    CPPUNIT_TEST(fullDiskIsWaitedFor);
    CPPUNIT_TEST(readOnlyStoreRefusesAStart);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _host = std::make_unique<ServedHost>();
        _host->addJob("tick", "succeed", "job.schedule = * * * * * *\njob.misfire = run_all\n");
        _host->addJob("idle", "succeed", "job.schedule = @yearly\n");
        _host->addJob("long", "wait", "task.wait = 3s\n");
    }
    void tearDown() override {
        _long.reset();
        _host.reset();
        if (!_mounted.empty()) Command({"umount", "-l", _mounted}).run();
        if (!_mounted.empty()) fs::remove_all(fs::path(_mounted).parent_path());
    }

    void deletedStoreIsMadeAnew() {
        begin();

        removeStore();

        goesOnInAnotherStore();
    }

    void emptyStoreIsFilledAnew() {
        begin();

        _host->folder().write("state/empty", "");
        fs::rename(_host->at("state/empty"), _host->at("state/carillon.db"));
        fs::remove(_host->at("state/carillon.db-wal"));
        fs::remove(_host->at("state/carillon.db-shm"));

        goesOnInAnotherStore();
    }

    void lockedStoreIsWaitedFor() {
        begin();
        {
            const auto lock = Command({"sh", "-c",
                                       "(echo 'BEGIN EXCLUSIVE;'; exec sleep 60) | sqlite3 -cmd '.timeout 5000' " +
                                           _host->at("state/carillon.db")})
                                  .start();
            tells("is locked by another program");
            staysSoFor(3s);
        }

        goesOnInTheSameStore();
    }

    void readOnlyStoreIsWaitedFor() {
        if (::geteuid() != 0 || Command({"unshare", "-m", "true"}).run().exitCode != 0)
            throw TestSkipped("this user may not make a mount namespace");
        const std::string state = _host->at("state");
        fs::create_directory(state);
        begin(inNamespaceOfItsOwn());

        inside("mount --bind " + state + ' ' + state + " && mount -o remount,bind,ro " + state);
        removeStore();  // a file that is open is written whatever its folder is
        tells("cannot be written");
        inside("umount " + state);

        goesOnInAnotherStore();
    }

    void fullDiskIsWaitedFor() {
        const std::string state = _host->at("state");
        fs::create_directory(state);
        if (Command({"mount", "-t", "tmpfs", "-o", "size=2m,mode=750", "tmpfs", state}).run().exitCode != 0)
            throw TestSkipped("this user may not mount a file system");
        _mounted = state;
        begin();

        fill(state + "/filler");
        tells("its disk is full");
        staysSoFor(1s);
        fs::remove(state + "/filler");

        goesOnInTheSameStore();
    }

    void readOnlyStoreRefusesAStart() {
        if (::geteuid() != 0 || Command({"unshare", "-m", "true"}).run().exitCode != 0)
            throw TestSkipped("this user may not make a mount namespace");
        const std::string state = _host->at("state");
        fs::create_directory(state);

        const auto result =
            Command({"unshare", "-m", "sh", "-c",
                     "mount --bind " + state + ' ' + state + " && mount -o remount,bind,ro " + state +
                         " && exec " CARILLON_TEST_PROGRAM " --config " + _host->folder().config() + " serve"})
                .run();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 1, result.exitCode);
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.starts_with("carillon: error: " + state));
        CPPUNIT_ASSERT_MESSAGE(result.err, result.err.find("Read-only file system") != std::string::npos);
    }

private:
    using Clock = std::chrono::system_clock;

    void begin() { begin(_host->serve()); }

    /// Returns while the job fires and a long run goes on.
    void begin(const Command& command) {
        _host->start(command);
        CPPUNIT_ASSERT_EQUAL(0, _host->carillon({"pause", "idle"}).run().exitCode);
        CPPUNIT_ASSERT(waitUntil([this] { return _host->ledger("tick").size() >= 2; }));
        _long.emplace(_host->carillon({"run", "long"}).start());
        CPPUNIT_ASSERT(
            waitUntil([this] { return _host->folder().log("long").find("wait.began") != std::string::npos; }));
    }

    Command inNamespaceOfItsOwn() const {
        return Command({"unshare", "-m", CARILLON_TEST_PROGRAM, "--config", _host->folder().config(), "serve"})
            .limit(60s);
    }

    void inside(const std::string& words) {
        const auto result =
            Command({"nsenter", "-t", std::to_string(_host->process().pid()), "-m", "sh", "-c", words}).run();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(result.err, 0, result.exitCode);
    }

    void removeStore() const {
        for (const auto* name : {"carillon.db", "carillon.db-wal", "carillon.db-shm"})
            fs::remove(_host->at(std::string("state/") + name));
    }

    static void fill(const std::string& file) {
        std::ofstream out(file, std::ios::binary);
        const std::string block(4'096, 'x');
        while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) continue;
    }

    void tells(const std::string& problem) const {
        std::string problems;
        const bool told = waitUntil([&] { return (problems = _host->problems()).find(problem) != std::string::npos; });
        CPPUNIT_ASSERT_MESSAGE(problems + "; expected: " + problem, told);
        CPPUNIT_ASSERT_MESSAGE(problems, problems.find("nothing fires since ") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("degraded"), _host->status()->getValue<std::string>("state"));
    }

    /// A fault that lasts: at its end it is still told.
    void staysSoFor(std::chrono::seconds time) const {
        const auto end = Clock::now() + time;
        CPPUNIT_ASSERT(waitUntil([end] { return Clock::now() > end; }));
        CPPUNIT_ASSERT(!_host->problems().empty());
    }

    void firesWithinTwoSeconds(std::size_t runs) const {
        CPPUNIT_ASSERT(waitUntil([&] { return startsOf("tick").size() > runs; }, 2s));
    }

    void goesOnInTheSameStore() {
        firesWithinTwoSeconds(startsOf("tick").size());
        CPPUNIT_ASSERT_EQUAL(0, _long->wait().exitCode);
        const auto slots = _host->ledger("tick").size();
        CPPUNIT_ASSERT(waitUntil([&] { return _host->ledger("tick").size() >= slots + 2; }));

        CPPUNIT_ASSERT_EQUAL(std::string(), _host->problems());
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("tick")));
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("long").back().outcome == "succeeded"; }));
        CPPUNIT_ASSERT(_host->log().find("store.recovered") != std::string::npos);
        nothingRanTwice();
        // A run is in the history a moment before it starts.
        CPPUNIT_ASSERT(waitUntil([this] { return _host->history("tick").size() == startsOf("tick").size(); }));
    }

    void goesOnInAnotherStore() {
        CPPUNIT_ASSERT(waitUntil([this] { return _host->log().find("store.replaced") != std::string::npos; }));
        firesWithinTwoSeconds(startsOf("tick").size());
        CPPUNIT_ASSERT_EQUAL(0, _long->wait().exitCode);
        CPPUNIT_ASSERT(waitUntil([this] { return _host->ledger("tick").size() >= 3; }));

        CPPUNIT_ASSERT_EQUAL(std::string(), _host->problems());
        CPPUNIT_ASSERT_EQUAL(std::string(), holesIn(_host->ledger("tick")));
        CPPUNIT_ASSERT(waitUntil([this] {
            const auto runs = _host->history("long");
            return !runs.empty() && runs.back().outcome == "succeeded";
        }));
        nothingRanTwice();
        _host->stop();
        _host->start();
        CPPUNIT_ASSERT(_host->carillon({"status", "idle"}).run().out.find("paused") != std::string::npos);
    }

    /// The runs that the job's log tells of, whatever the store has kept: run and slot cannot be lost there.
    std::multiset<std::string> startsOf(const std::string& job) const {
        std::multiset<std::string> runs;
        std::istringstream lines(_host->folder().log(job));
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string at;
            std::string level;
            std::string run;
            if (line.find(" run.started ") != std::string::npos && words >> at >> level >> run) runs.insert(run);
        }
        return runs;
    }

    /// Its runs began in different seconds, as its slots are a second apart.
    void nothingRanTwice() const {
        std::set<std::string> slots;
        for (const auto& run : _host->history("tick"))
            CPPUNIT_ASSERT(slots.insert(std::to_string(run.scheduledAt)).second);
        std::set<std::string> runs;
        for (const auto& run : startsOf("tick")) CPPUNIT_ASSERT_MESSAGE(run, runs.insert(run).second);
    }

    std::unique_ptr<ServedHost> _host{};
    std::optional<RunningCommand> _long{};
    std::string _mounted{};
};

CPPUNIT_TEST_SUITE_REGISTRATION(StoreFaultsTest);
