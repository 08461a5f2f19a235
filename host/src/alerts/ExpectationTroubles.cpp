#include "alerts/ExpectationTroubles.h"

#include "alerts/RunJudgement.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace carillon {
namespace {

JobTrouble troubleOf(const std::string& job, const ExpectationFinding& finding) {
    JobTrouble trouble;
    trouble.kind = enumOf<JobTrouble::Kind>(nameOf(finding.kind)).value_or(JobTrouble::Kind::Slow);
    trouble.job = job;
    trouble.expectation = finding;
    return trouble;
}

TimePoint endOf(const RunRow& run, TimePoint now) {
    return run.finishedAt.value_or(now);
}

/// Since when a job has had no success; nothing: no host has ever known of it.
std::optional<TimePoint> successOf(const std::string& job, const std::map<std::string, TimePoint>& succeeded,
                                   const std::map<std::string, TimePoint>& known) {
    if (const auto found = succeeded.find(job); found != succeeded.end() && found->second != TimePoint{})
        return found->second;
    const auto found = known.find(job);
    return found == known.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::vector<JobTrouble> findUnmet(const std::string& job, const std::vector<Expectation>& expectations,
                                  const std::vector<RunRow>& runs, TimePoint now) {
    std::map<std::string, JobTrouble> unmet;  // by the key of the expectation, as long as no run meets it
    std::map<std::string, bool> isOver;
    for (const auto& run : runs)
        for (const auto& finding : judgeRun(expectations, run, now)) {
            bool& over = isOver[finding.key()];
            over = over || finding.isMet;
            if (over) continue;
            const auto [known, isNew] = unmet.try_emplace(finding.key(), troubleOf(job, finding));
            if (isNew) known->second.run = run.id;
            known->second.count += isNew ? 0 : 1;
            known->second.since = endOf(run, now);
        }
    std::vector<JobTrouble> troubles;
    for (const auto& expectation : expectations)
        if (const auto found = unmet.find(expectation.key()); found != unmet.end())
            troubles.push_back(std::move(found->second));
    return troubles;
}

std::optional<JobTrouble> findLackOfSuccess(const std::string& job, const Expectation& expectation, TimePoint since,
                                            TimePoint now) {
    const auto finding = findingOf(expectation, now - since);
    if (finding.isMet) return std::nullopt;
    JobTrouble trouble = troubleOf(job, finding);
    trouble.since = since;
    return trouble;
}

std::vector<JobTrouble> readUnmet(RunStore& store, const std::vector<JobStanding>& standings, const AlertPolicy& policy,
                                  const std::function<bool(const std::string& job)>& accepts, TimePoint now) {
    std::vector<JobTrouble> troubles;
    if (!policy.expectsAnything()) return troubles;
    std::map<std::string, TimePoint> succeeded;
    for (const auto& standing : standings) succeeded.emplace(standing.job, standing.succeededAt);
    const auto known = store.knownJobs();
    for (const auto& ref : policy.expectingJobs()) {
        const std::string job = ref.name();
        if (!accepts(job)) continue;
        RunQuery query{job, kRunsJudged};
        query.ownWork = true;
        const auto runs = store.history(query);
        for (auto& trouble : findUnmet(job, ref.settings()->expectations, runs, now))
            troubles.push_back(std::move(trouble));
        const auto expectation = policy.awaitsSuccessOf(ref);
        const auto since = successOf(job, succeeded, known);
        if (!expectation || !since) continue;
        if (auto trouble = findLackOfSuccess(job, *expectation, *since, now)) troubles.push_back(std::move(*trouble));
    }
    return troubles;
}

std::vector<JobTrouble> merged(std::vector<JobTrouble> troubles, const std::vector<JobTrouble>& more) {
    troubles.insert(troubles.end(), more.begin(), more.end());
    std::stable_sort(troubles.begin(), troubles.end(),
                     [](const auto& one, const auto& other) { return one.kind < other.kind; });
    return troubles;
}

}  // namespace carillon
