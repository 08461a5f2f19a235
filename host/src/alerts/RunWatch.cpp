#include "alerts/RunWatch.h"

#include "alerts/RunJudgement.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace carillon {
namespace {

constexpr std::chrono::seconds kNextLook{30};

}  // namespace

void RunWatch::began(const RunIdentity& run, const AlertPolicy& policy) {
    if (isOwnWork(run.trigger) && policy.expectationOf(run.job, ExpectationKind::Slow))
        _runs[run.run] = {run.job, run.startedAt, run.startedAt};
}

std::vector<SlowRun> RunWatch::slow(const AlertPolicy& policy, TimePoint now) {
    std::vector<SlowRun> slow;
    for (auto& [run, watched] : _runs) {
        if (now < watched.nextLook) continue;
        const auto expectation = policy.expectationOf(watched.job, ExpectationKind::Slow);
        if (!expectation) continue;
        auto finding = findingOf(*expectation, now - watched.startedAt);
        if (finding.isMet) continue;
        finding.isRunning = true;
        watched.nextLook = now + kNextLook;
        slow.push_back({watched.job, run, std::move(finding)});
    }
    return slow;
}

}  // namespace carillon
