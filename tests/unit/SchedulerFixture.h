#pragma once

#include "scheduler/Scheduler.h"
#include "store/RunStore.h"
#include "store/ScheduleStore.h"

#include "Poco/AutoPtr.h"
#include "Poco/Data/SQLite/SessionImpl.h"
#include "Poco/Logger.h"

#include <cppunit/TestAssert.h>
#include <cppunit/TestFixture.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "SchedulerDoubles.h"
#include "SettableClock.h"
#include "support/HostFolder.h"

/// A scheduler on a thread of its own and on a real store, with a clock that the test sets and seats on which the test
/// ends the runs. It is midnight at first. Each function returns when the scheduler has done all that it can do.
class SchedulerFixture : public CppUnit::TestFixture {
public:
    void tearDown() override {
        kill();
        if (_child > 0) endChild();
        _other.reset();
        _folder.reset();
    }

protected:
    static constexpr std::chrono::milliseconds kPatience{20};

    void makeFolder(const std::string& hostKeys = "workers.max = 100\n") {
        _folder = std::make_unique<HostFolder>("jobs.enabled = *\nstate.dir = state\n" + hostKeys);
    }

    void addJob(const std::string& name, const std::string& keys) const {
        _folder->addJob(name, "job.plugin = P\njob.task = T\njob.timezone = UTC\n" + keys);
    }
    void removeJob(const std::string& job) const {
        std::filesystem::remove(_folder->path() / ("jobs/" + job + ".properties"));
    }

    /// As a host that starts; one before was killed, but for its process, which is the test's.
    void start() {
        kill();
        _running.clear();
        _store = std::make_unique<carillon::ScheduleStore>(stateDir(), "test-host", _clock, kPatience);
        const auto makeSeats = [this](carillon::Seats::Finished finished) {
            auto seats = std::make_unique<TestSeats>(std::move(finished));
            _seats = seats.get();
            return seats;
        };
        _scheduler = std::make_unique<carillon::Scheduler>(read(), *_store, _clock, Poco::Logger::get("SchedulerTest"),
                                                           makeSeats, carillon::RunListeners{&_listener}, _sleeper);
        _thread = std::thread([this] {
            try {
                _scheduler->run();
            } catch (const TestSleeper::Killed&) {
            }
        });
        _sleeper.waitForSleep();
    }
    /// It has drained.
    void waitForEnd() { _thread.join(); }
    void kill() {
        if (_thread.joinable()) {
            _sleeper.waitForSleep();
            _sleeper.kill();
            _thread.join();
        }
        _scheduler.reset();
    }

    void reload() {
        _scheduler->apply(read());
        settle();
    }
    /// It has done what it was told, and what it can do by now.
    carillon::SchedulerState settle() {
        auto state = _scheduler->state();  // after what was asked before
        _sleeper.waitForSleep();
        return state;
    }

    /// As time goes by.
    void advance(std::chrono::microseconds by) {
        while (by.count() > 0) {
            const auto left = std::chrono::ceil<std::chrono::microseconds>(_sleeper.waitForSleep() - _sleeper.now());
            const auto part = std::min(by, std::max(left, std::chrono::microseconds(1)));
            _clock.advance(part);
            _sleeper.advance(part);
            by -= part;
        }
        _sleeper.waitForSleep();
    }
    /// The clock is set.
    void jump(std::chrono::seconds by) {
        _clock.advance(by);
        settle();
    }
    /// Nothing ran for so long, neither the scheduler nor what would have woken it.
    void freeze(std::chrono::seconds by) {
        _sleeper.waitForSleep();
        _clock.advance(by);
        _sleeper.advance(by);
        _sleeper.waitForSleep();
    }
    /// When the scheduler wakes up by itself.
    carillon::TimePoint wakesAt() const {
        return _clock.now() + std::chrono::ceil<std::chrono::microseconds>(_sleeper.waitForSleep() - _sleeper.now());
    }

    TestSeats& seats() const { return *_seats; }
    bool runs(const std::string& job) { return _seats->find(job) != nullptr; }
    /// Of the job's oldest run; it has one.
    carillon::RunTicket& ticketOf(const std::string& job) {
        auto* ticket = _seats->find(job);
        CPPUNIT_ASSERT_MESSAGE(job + " runs", ticket != nullptr);
        return *ticket;
    }
    std::string stopReason(const std::string& job) { return ticketOf(job).handle->stopReason(); }
    /// Ends the job's oldest run.
    carillon::RunIdentity finish(const std::string& job, const carillon::RunReport& report = succeeded()) {
        const auto identity = _seats->end(ticketOf(job), report, _clock.now());
        settle();
        return identity;
    }

    static carillon::RunReport succeeded() { return carillon::RunReport::succeeded("done"); }
    static carillon::RunReport failed() { return carillon::RunReport::failed("not done"); }

    bool setPaused(const std::string& job, bool paused) {
        const auto changed = _scheduler->setPaused(job, paused ? std::optional(carillon::Pause{}) : std::nullopt);
        settle();
        return !changed.empty();
    }
    /// Until so many minutes after midnight.
    bool pauseUntil(const std::string& job, std::chrono::minutes until, const std::string& note = {}) {
        const carillon::Pause pause{"anna", {}, _midnight + until, note};
        const auto changed = _scheduler->setPaused(job, pause);
        settle();
        return !changed.empty();
    }
    carillon::JobState stateOf(const std::string& job) { return _scheduler->jobStates({job}).at(0); }
    bool hasRetry(const std::string& job) { return stateOf(job).retryAt != carillon::kNever; }

    /// `00:05 ran, 00:10 skipped (overlap)`, oldest first.
    std::string ledger(const std::string& job) const {
        std::string text;
        const auto rows = rowsOf(job);
        for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
            text += (text.empty() ? "" : ", ") + timeOf(row->slotAt) + ' ' + std::string(nameOf(row->ending));
            if (const std::string reason = textOf(row->reason); !reason.empty()) text += " (" + reason + ')';
        }
        return text;
    }
    /// Newest first.
    std::vector<carillon::SlotRow> rowsOf(const std::string& job) const {
        return carillon::RunStore(stateDir(), _clock).ledger(job, 10'000);
    }
    std::vector<carillon::RunRow> historyOf(const std::string& job) const {
        return carillon::RunStore(stateDir(), _clock).history(job, 10'000);
    }
    /// What the store has; none: no row.
    std::optional<carillon::ScheduleRow> stored(const std::string& job) const {
        std::optional<carillon::ScheduleRow> found;
        carillon::ScheduleStore(stateDir(), "test-host", _clock).readSchedules([&](const auto& row) {
            if (row.job == job) found = row;
        });
        return found;
    }
    /// The store and the scheduler have the same next slot.
    void assertStoredNext(const std::string& expected, const std::string& job) {
        const auto next = stateOf(job).next;
        CPPUNIT_ASSERT_EQUAL(expected, next == carillon::kNever ? "never" : timeOf(next));
        const auto row = stored(job);
        CPPUNIT_ASSERT_EQUAL(expected, row && row->next ? timeOf(*row->next) : std::string("never"));
    }

    /// Hours and minutes, and seconds where there are some.
    static std::string timeOf(carillon::TimePoint at) {
        const std::string time = carillon::toRfc3339(at).substr(11, 8);
        return time.ends_with(":00") ? time.substr(0, 5) : time;
    }

    std::string stateDir() const { return (_folder->path() / "state").string(); }

    /// Another program on the same file.
    Poco::Data::Session openFile() const {
        constexpr std::size_t kTimeoutSeconds = 5;
        return Poco::Data::Session(Poco::AutoPtr<Poco::Data::SessionImpl>(
            new Poco::Data::SQLite::SessionImpl(stateDir() + "/carillon.db", kTimeoutSeconds)));
    }
    static void execute(Poco::Data::Session& session, const std::string& statement) {
        session << statement, Poco::Data::Keywords::now;
    }
    /// The store fails from now on.
    void lockStore() {
        _other = std::make_unique<Poco::Data::Session>(openFile());
        execute(*_other, "BEGIN IMMEDIATE");
    }
    void unlockStore() {
        execute(*_other, "ROLLBACK");
        _other.reset();
    }

    /// Returns the run, which holds the job's lock until endChild().
    std::string claimInAChild(const std::string& job) {
        std::array<int, 2> channel{};
        CPPUNIT_ASSERT_EQUAL(0, ::pipe(channel.data()));
        _child = ::fork();
        if (_child == 0) {
            const auto claim = carillon::RunStore(stateDir(), _clock)
                                   .claim({job, "child", carillon::Trigger::Cli, "test-host", 1, _clock.now()});
            if (!std::holds_alternative<carillon::Claim>(claim) || ::write(channel[1], "x", 1) != 1) ::_exit(1);
            for (;;) ::pause();
        }
        ::close(channel[1]);
        char byte = 0;
        const auto claimed = ::read(channel[0], &byte, 1);
        ::close(channel[0]);
        CPPUNIT_ASSERT_EQUAL(ssize_t{1}, claimed);
        return "child";
    }
    void endChild() {
        ::kill(_child, SIGKILL);
        ::waitpid(std::exchange(_child, 0), nullptr, 0);
    }

    /// What the scheduler told.
    struct Listener final : carillon::RunListener {
        explicit Listener(std::vector<std::string>& running) : started(running) {}

        void runClaimed(const carillon::RunIdentity& run) override { started.push_back(run.job); }
        void runEnded(const carillon::RunIdentity& run, const carillon::RunReport& report,
                      carillon::TimePoint) override {
            ended.push_back(run.job + ": " + report.message.text);
        }
        void retriesEnded(const std::string& job) override { givenUp.push_back(job); }
        void pauseEnded(const std::string&, const carillon::Pause&) override { ++pausesEnded; }
        void storeFailed(const std::string&, carillon::TimePoint) override { ++storeFailures; }
        void storeRecovered(carillon::TimePoint) override { ++storeRecoveries; }
        void lockLost(const carillon::RunIdentity& run, const carillon::Message&) override { lost.push_back(run.job); }

        std::vector<std::string>& started;
        std::vector<std::string> ended{};
        std::vector<std::string> givenUp{};
        std::vector<std::string> lost{};
        int pausesEnded = 0;
        int storeFailures = 0;
        int storeRecoveries = 0;
    };

    std::unique_ptr<HostFolder> _folder{};
    SettableClock _clock{};
    const carillon::TimePoint _midnight = _clock.now();
    TestSleeper _sleeper{};
    std::vector<std::string> _running{};  ///< Jobs in the order in which they were fired.
    Listener _listener{_running};
    std::unique_ptr<carillon::Scheduler> _scheduler{};

private:
    std::shared_ptr<const carillon::Configuration> read() const {
        auto configuration = std::make_shared<const carillon::Configuration>(
            carillon::readConfiguration((_folder->path() / "carillon.properties").string()));
        for (const auto& fault : configuration->allFaults()) CPPUNIT_FAIL(fault.sentence());
        return configuration;
    }

    std::unique_ptr<carillon::ScheduleStore> _store{};
    TestSeats* _seats = nullptr;  // the scheduler's
    std::thread _thread{};
    std::unique_ptr<Poco::Data::Session> _other{};
    pid_t _child = 0;
};
