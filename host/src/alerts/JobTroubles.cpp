#include "alerts/JobTroubles.h"

#include "config/ExpectationWords.h"
#include "schedule/TimeText.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace carillon {
namespace {

using Kind = JobTrouble::Kind;

/// What was missed lately may still be caught up with.
bool isLate(const JobStanding& standing, const AlertRules& rules, TimePoint now) {
    return standing.passed > 0 && now - standing.firstPassed > rules.late;
}

std::optional<JobTrouble> troubleOfRuns(const JobStanding& standing, const JobRef& job, const AlertPolicy& policy,
                                        TimePoint now) {
    if (standing.hasFailed)
        return JobTrouble{
            Kind::Failed, standing.job, standing.failingSince, standing.failures, standing.message, standing.run, {}};
    if (!job.enabled() || job.isFaulty() || standing.isPaused) return std::nullopt;
    if (!isLate(standing, policy.rulesOf(standing.job), now)) return std::nullopt;
    return JobTrouble{Kind::Late, standing.job, standing.firstPassed, standing.passed};
}

std::string counted(std::int64_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + ' ' + (count == 1 ? one : many);
}

std::string ofExpectation(const JobTrouble& trouble) {
    const auto finding = trouble.expectation.value_or(ExpectationFinding{});
    const std::string words = findingInWords(finding, Language::English);
    if (finding.kind == ExpectationKind::NoSuccess)
        return "job " + trouble.job + ' ' + words + "; see carillon history " + trouble.job;
    const bool isTold = finding.kind == ExpectationKind::Counter;
    return "job " + trouble.job +
           (isTold                                  ? " is not as expected: "
            : finding.kind == ExpectationKind::Slow ? " is slow: "
                                                    : " is suspiciously fast: ") +
           (finding.isRunning ? "its run " : "its last run ") + words +
           (trouble.count > 1 ? " (" + std::to_string(trouble.count) + " runs in a row)" : "") + "; see carillon " +
           (isTold ? "history " : "logs ") + trouble.job;
}

}  // namespace

std::vector<JobTrouble> findTroubles(const std::vector<JobStanding>& standings, const AlertPolicy& policy,
                                     TimePoint now) {
    std::vector<JobTrouble> troubles;
    for (const auto& standing : standings) {
        const auto job = policy.configuration().find(standing.job);
        if (!job) continue;
        if (auto trouble = troubleOfRuns(standing, *job, policy, now)) troubles.push_back(std::move(*trouble));
        if (standing.openRejects > 0)
            troubles.push_back({Kind::Rejects, standing.job, TimePoint{}, standing.openRejects});
    }
    std::stable_sort(troubles.begin(), troubles.end(),
                     [](const auto& one, const auto& other) { return one.kind < other.kind; });
    return troubles;
}

std::string sentenceOf(const JobTrouble& trouble, TimePoint now) {
    const std::string job = "job " + trouble.job;
    const std::string age = spanText(now - trouble.since);
    switch (trouble.kind) {
        case Kind::Failed:
            return job +
                   (trouble.count > 1 ? " has failed " + std::to_string(trouble.count) + " times in " + age
                                      : " failed " + age + " ago") +
                   ": " + trouble.message + "; see carillon logs " + trouble.job;
        case Kind::Late:
            return job + " has not succeeded for " + age + ": " + counted(trouble.count, "slot", "slots") +
                   " passed without a run; see carillon ledger " + trouble.job;
        case Kind::Rejects:
            return job + " has " + counted(trouble.count, "reject", "rejects") + " open; see carillon rejects " +
                   trouble.job;
        case Kind::Slow:
        case Kind::Fast:
        case Kind::NoSuccess:
        case Kind::Counter:
            break;
    }
    return ofExpectation(trouble);
}

}  // namespace carillon
