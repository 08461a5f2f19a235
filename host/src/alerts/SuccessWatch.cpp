#include "alerts/SuccessWatch.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace carillon {
namespace {

/// Those of which nothing is expected any more. What has faults may only be unreadable, and is expected of as before.
std::vector<std::string> forgotten(const std::map<std::string, TimePoint>& known, const AlertPolicy& policy) {
    std::vector<std::string> jobs;
    for (const auto& [job, since] : known) {
        const auto ref = policy.configuration().find(job);
        const bool isExpected = ref && (ref->isFaulty() || policy.awaitsSuccessOf(*ref));
        if (!isExpected) jobs.push_back(job);
    }
    return jobs;
}

bool isOver(TimePoint since, const Expectation& expectation, TimePoint now) {
    return now - since > std::chrono::milliseconds(expectation.most.value_or(0));
}

}  // namespace

void SuccessWatch::follow(const std::shared_ptr<const AlertPolicy>& policy, AlertStore& store, TimePoint now) {
    if (policy == _policy) return;
    auto known = store.knownJobs();
    std::map<std::string, Awaited> jobs;
    std::vector<std::string> added;
    for (const auto& ref : policy->expectingJobs()) {
        const std::string job = ref.name();
        const auto expectation = policy->awaitsSuccessOf(ref);
        if (!expectation) continue;
        const auto [at, isNew] = known.try_emplace(job, now);
        if (isNew) added.push_back(job);
        jobs[job] = {*expectation, at->second, {}};
    }
    store.writeKnownJobs(added, forgotten(known, *policy), now);
    _jobs = std::move(jobs);
    _policy = policy;
}

void SuccessWatch::succeeded(const std::string& job, TimePoint at) {
    if (const auto known = _jobs.find(job); known != _jobs.end())
        known->second.lastSuccess = std::max(at, known->second.lastSuccess.value_or(at));
}

std::vector<SuccessOverdue> SuccessWatch::overdue(AlertStore& store, TimePoint now) {
    std::vector<SuccessOverdue> overdue;
    for (auto& [job, awaited] : _jobs) {
        if (awaited.lastSuccess && !isOver(*awaited.lastSuccess, awaited.expectation, now)) continue;
        if (const auto last = store.lastSuccess(job)) succeeded(job, *last);
        const TimePoint since = awaited.lastSuccess.value_or(awaited.knownSince);
        if (isOver(since, awaited.expectation, now)) overdue.push_back({job, since, awaited.expectation});
    }
    return overdue;
}

}  // namespace carillon
