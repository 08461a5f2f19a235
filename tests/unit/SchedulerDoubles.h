#pragma once

#include "runner/Seats.h"
#include "scheduler/Mailbox.h"

#include <cppunit/TestAssert.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

/// Where the scheduler's thread sleeps until the test lets its time go by.
class TestSleeper final : public carillon::Sleeper {
public:
    /// Thrown on the thread that sleeps: it ends as if its process had been killed.
    struct Killed {};

    Time now() const override {
        const std::lock_guard lock(_mutex);
        return _now;
    }
    void sleep(std::unique_lock<std::mutex>& lock, std::condition_variable& woken, Time until) const override {
        const auto change = [this](std::condition_variable* where) {
            const std::lock_guard own(_mutex);
            _where = where;
            if (std::exchange(_killed, false)) throw Killed{};
        };
        {
            const std::lock_guard own(_mutex);
            _owner = lock.mutex();
            _until = until;
        }
        change(&woken);
        _slept.notify_all();
        woken.wait(lock);
        change(nullptr);
    }
    std::chrono::microseconds oversleeps() const override { return {}; }

    /// Waits until the thread has done all that it can do now. Returns until when it sleeps.
    Time waitForSleep() const {
        std::unique_lock lock(_mutex);
        const bool sleeps = _slept.wait_for(lock, std::chrono::seconds(60), [this] { return _where != nullptr; });
        CPPUNIT_ASSERT_MESSAGE("the scheduler has come to rest", sleeps);
        return _until;
    }
    /// The thread sleeps: it looks at the time anew.
    void advance(std::chrono::microseconds by) {
        wake([&] { _now += by; });
    }
    void kill() {
        wake([&] { _killed = true; });
    }

private:
    /// Under the lock with which the thread looks at the time and goes to sleep, so that it misses nothing.
    template <class Change>
    void wake(Change change) {
        const std::lock_guard owner(*_owner);
        const std::lock_guard lock(_mutex);
        change();
        std::exchange(_where, nullptr)->notify_all();
    }

    mutable std::mutex _mutex;
    mutable std::condition_variable _slept;
    mutable std::mutex* _owner = nullptr;
    mutable std::condition_variable* _where = nullptr;  // null: the thread is awake
    mutable Time _until{};
    mutable bool _killed = false;
    Time _now = Time(std::chrono::hours(1));
};

/// Seats on which nothing runs: the test says how and when a run ends.
class TestSeats final : public carillon::Seats {
public:
    explicit TestSeats(Finished finished) : _finished(std::move(finished)) {}

    void add(carillon::RunTicket ticket) override {
        const std::lock_guard lock(_mutex);
        _tickets.push_back(std::move(ticket));
    }
    void setMost(std::size_t most) override {
        const std::lock_guard lock(_mutex);
        _most = most;
    }

    std::size_t most() {
        const std::lock_guard lock(_mutex);
        return _most;
    }
    /// The job's oldest one that was not refused; null: there is none. The scheduler sleeps.
    carillon::RunTicket* find(const std::string& job) {
        const std::lock_guard lock(_mutex);
        std::erase_if(_tickets, [](const auto& ticket) { return ticket.claim->isRefused(); });
        const auto ticket =
            std::find_if(_tickets.begin(), _tickets.end(), [&](const auto& each) { return each.job.name() == job; });
        return ticket == _tickets.end() ? nullptr : &*ticket;
    }
    /// Its claim was granted. `began`: so late, since it waited for its seat; 1970: at once.
    carillon::RunIdentity end(const carillon::RunTicket& which, carillon::RunReport report, carillon::TimePoint now,
                              carillon::TimePoint began = {}) {
        carillon::RunResult result;
        carillon::RunTicket ticket = which;
        result.identity = ticket.claim->wait()->identity;
        result.waited = began != carillon::TimePoint{};
        if (result.waited) result.identity.startedAt = began;
        result.report = std::move(report);
        result.finishedAt = now;
        const auto identity = result.identity;
        {
            const std::lock_guard lock(_mutex);
            _tickets.erase(_tickets.begin() + (&which - _tickets.data()));
        }
        _finished(std::move(ticket), std::move(result));
        return identity;
    }

private:
    const Finished _finished;
    std::mutex _mutex;
    std::vector<carillon::RunTicket> _tickets;
    std::size_t _most = 0;
};
