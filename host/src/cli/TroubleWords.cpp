#include "cli/TroubleWords.h"

#include "cli/CliTexts.h"
#include "cli/TimeWords.h"
#include "config/ExpectationWords.h"

namespace carillon {
namespace {

std::string ofExpectation(const JobTrouble& trouble) {
    const auto finding = trouble.expectation.value_or(ExpectationFinding{});
    const std::string words = findingInWords(finding, cliTexts().language());
    if (finding.kind == ExpectationKind::NoSuccess)
        return cliText("trouble.nosuccess", {{"job", trouble.job}, {"words", words}});
    const std::string key = finding.kind == ExpectationKind::Counter ? "trouble.counter"
                            : finding.kind == ExpectationKind::Slow  ? "trouble.slow"
                                                                     : "trouble.fast";
    const std::string run = cliText(finding.isRunning ? "trouble.itsrun" : "trouble.itslastrun");
    return cliText(key, {{"n", trouble.count}, {"job", trouble.job}, {"run", run}, {"words", words}});
}

}  // namespace

std::string troubleWords(const JobTrouble& trouble, const std::string& said, TimePoint now) {
    if (cliTexts().language() == Language::English) return sentenceOf(trouble, now);
    const std::string age = spanWords(now - trouble.since);
    switch (trouble.kind) {
        case JobTrouble::Kind::Failed:
            return cliText("trouble.failed",
                           {{"n", trouble.count}, {"job", trouble.job}, {"age", age}, {"message", said}});
        case JobTrouble::Kind::Late:
            return cliText("trouble.late", {{"n", trouble.count}, {"job", trouble.job}, {"age", age}});
        case JobTrouble::Kind::Rejects:
            return cliText("trouble.rejects", {{"n", trouble.count}, {"job", trouble.job}});
        case JobTrouble::Kind::Slow:
        case JobTrouble::Kind::Fast:
        case JobTrouble::Kind::NoSuccess:
        case JobTrouble::Kind::Counter:
            break;
    }
    return ofExpectation(trouble);
}

}  // namespace carillon
