#include "alerts/RunJudgement.h"

#include <algorithm>
#include <cstdint>

namespace carillon {
namespace {

using std::chrono::milliseconds;

bool isSuccess(Outcome outcome) {
    return outcome == Outcome::Succeeded || outcome == Outcome::NothingToDo;
}

ExpectationFinding countOf(const Expectation& expectation, const RunReport& report) {
    ExpectationFinding finding{expectation};
    const auto figure = std::find_if(report.figures.begin(), report.figures.end(),
                                     [&](const Figure& one) { return one.key() == expectation.counter; });
    if (figure != report.figures.end()) finding.found = figure->value;
    finding.isMet = expectation.takes(finding.found.value_or(0));
    // What was not told is not so much: a task that counts only what there is tells nothing of 0.
    if (!finding.found && expectation.least && *expectation.least > 0) finding.isMet = false;
    return finding;
}

std::optional<ExpectationFinding> judge(const Expectation& expectation, const RunReport& report,
                                        std::optional<std::chrono::microseconds> took) {
    const bool succeeded = isSuccess(report.outcome);
    switch (expectation.kind) {
        case ExpectationKind::Slow: {
            if (!took || report.outcome == Outcome::Stopped) return std::nullopt;
            auto finding = findingOf(expectation, *took);
            return succeeded || !finding.isMet ? std::optional(finding) : std::nullopt;
        }
        case ExpectationKind::Fast:
            if (!took || report.outcome != Outcome::Succeeded) return std::nullopt;
            return findingOf(expectation, *took);
        case ExpectationKind::NoSuccess: {
            ExpectationFinding finding{expectation};
            finding.isMet = true;
            return succeeded ? std::optional(finding) : std::nullopt;
        }
        case ExpectationKind::Counter:
            return succeeded ? std::optional(countOf(expectation, report)) : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

ExpectationFinding findingOf(const Expectation& expectation, std::chrono::microseconds took) {
    took = std::max(took, std::chrono::microseconds(0));  // the clock was set back
    ExpectationFinding finding{expectation};
    finding.found =
        (expectation.most ? std::chrono::ceil<milliseconds>(took) : std::chrono::floor<milliseconds>(took)).count();
    finding.isMet = expectation.takes(*finding.found);
    return finding;
}

std::vector<ExpectationFinding> judgeRun(const std::vector<Expectation>& expectations, const RunReport& report,
                                         std::optional<std::chrono::microseconds> took) {
    std::vector<ExpectationFinding> findings;
    for (const auto& expectation : expectations)
        if (auto finding = judge(expectation, report, took)) findings.push_back(std::move(*finding));
    return findings;
}

std::vector<ExpectationFinding> judgeRun(const std::vector<Expectation>& expectations, const RunRow& run,
                                         TimePoint now) {
    if (expectations.empty() || !isOwnWork(run.trigger)) return {};
    if (run.finishedAt) {
        // Without a report its process is gone, and its end is when somebody noticed that.
        const auto took = run.report ? std::optional(*run.finishedAt - run.startedAt) : std::nullopt;
        return judgeRun(expectations, reportOf(run), took);
    }
    std::vector<ExpectationFinding> findings;
    for (const auto& expectation : expectations) {
        if (expectation.kind != ExpectationKind::Slow) continue;
        auto finding = findingOf(expectation, now - run.startedAt);
        finding.isRunning = true;
        if (!finding.isMet) findings.push_back(std::move(finding));
    }
    return findings;
}

}  // namespace carillon
