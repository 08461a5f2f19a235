#pragma once

#include "alerts/JobTroubles.h"
#include "api/StorePool.h"
#include "scheduler/HostActions.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// What was found of the jobs. Plain data.
struct KnownStandings {
    std::vector<JobTrouble> troubles{};
    std::map<std::string, TimePoint> snoozes{};  ///< Until when nobody is alerted to a job.

    std::optional<TimePoint> snoozedUntil(const std::string& job) const {
        const auto found = snoozes.find(job);
        return found == snoozes.end() ? std::nullopt : std::optional(found->second);
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
