#pragma once

#include "alerts/ExpectationTroubles.h"
#include "alerts/JobTroubles.h"
#include "scheduler/HostActions.h"
#include "store/RunStore.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// Stores for threads that read now and then: each is used by one thread at a time, and kept for the next. There are
/// few, whoever asks: each is a connection with descriptors, locks and a cache of its own. Any thread; borrows the
/// clock.
class StorePool {
public:
    /// `most`: connections at once, 1 or more.
    StorePool(std::string stateDir, const Clock& clock, std::size_t most)
        : _stateDir(std::move(stateDir)), _clock(clock), _left(most) {}

    /// Returns what `action` makes of a store, for which it waits while all are in use. `action` takes no other one.
    /// Throws StoreException.
    template <class Action>
    auto with(Action action) {
        Place place(*this);
        auto store = take();
        auto result = action(*store);
        const std::lock_guard lock(_mutex);
        _idle.push_back(std::move(store));
        return result;
    }

private:
    static constexpr std::chrono::milliseconds kPatience{2'000};

    /// One of so many, given back also when the store failed.
    class Place {
    public:
        explicit Place(StorePool& pool) : _pool(pool) {
            std::unique_lock lock(_pool._mutex);
            _pool._freed.wait(lock, [this] { return _pool._left > 0; });
            --_pool._left;
        }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place() {
            const std::lock_guard lock(_pool._mutex);
            ++_pool._left;
            _pool._freed.notify_one();
        }

    private:
        StorePool& _pool;
    };

    std::unique_ptr<RunStore> take() {
        {
            const std::lock_guard lock(_mutex);
            if (!_idle.empty()) {
                auto store = std::move(_idle.back());
                _idle.pop_back();
                return store;
            }
        }
        return std::make_unique<RunStore>(_stateDir, _clock, kPatience);
    }

    const std::string _stateDir;
    const Clock& _clock;
    std::mutex _mutex;  // of all below
    std::condition_variable _freed;
    std::size_t _left;
    std::vector<std::unique_ptr<RunStore>> _idle{};
};

/// What was found of the jobs. Plain data.
struct KnownStandings {
    std::vector<JobTrouble> troubles{};
    std::map<std::string, TimePoint> snoozes{};  ///< Until when nobody is alerted to a job.
    /// Of each job of which something is expected, what of that is not met.
    std::map<std::string, std::vector<ExpectationFinding>> unmet{};
    std::map<std::string, std::int64_t> openRejects{};  ///< Of the jobs that have any.

    std::optional<TimePoint> snoozedUntil(const std::string& job) const {
        const auto found = snoozes.find(job);
        return found == snoozes.end() ? std::nullopt : std::optional(found->second);
    }
    std::vector<ExpectationFinding> unmetOf(const std::string& job) const {
        const auto found = unmet.find(job);
        return found == unmet.end() ? std::vector<ExpectationFinding>{} : found->second;
    }
    std::int64_t openRejectsOf(const std::string& job) const {
        const auto found = openRejects.find(job);
        return found == openRejects.end() ? 0 : found->second;
    }
    /// Its slots pass without a run.
    bool isLate(const std::string& job) const {
        return std::any_of(troubles.begin(), troubles.end(), [&job](const JobTrouble& trouble) {
            return trouble.kind == JobTrouble::Kind::Late && trouble.job == job;
        });
    }
};

/// What people have to know of the jobs, for any number of readers: read anew where what is known is older than twenty
/// times what reading it took, so that all readers together cost a twentieth of a processor at most. Any thread;
/// borrows all.
class StandingBook {
public:
    StandingBook(HostActions& host, StorePool& stores, const Clock& clock)
        : _host(host), _stores(stores), _clock(clock) {}

    /// Of all jobs. What was known last when the store fails, for which the host has a problem of its own.
    std::shared_ptr<const KnownStandings> read();

private:
    using Steady = std::chrono::steady_clock;

    HostActions& _host;
    StorePool& _stores;
    const Clock& _clock;
    std::mutex _mutex;  // of all below; held while one reads for the others
    std::shared_ptr<const KnownStandings> _known = std::make_shared<const KnownStandings>();
    Steady::time_point _goodUntil{};
    std::shared_ptr<const AlertPolicy> _policy{};
};

}  // namespace carillon
