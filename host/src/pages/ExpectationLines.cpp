#include "pages/ExpectationLines.h"

#include "config/ExpectationWords.h"

#include <algorithm>
#include <set>
#include <utility>

namespace carillon {
namespace {

std::string capitalised(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string foundText(const Texts& texts, const Texts& own, const ExpectationFinding& finding) {
    return capitalised(findingInWords(finding, own.word("counter", finding.counter), texts.language()));
}

}  // namespace

std::string unmetInWords(const Texts& texts, const std::vector<ExpectationFinding>& unmet) {
    std::string words;
    std::set<ExpectationKind> said;
    for (const auto& finding : unmet)
        if (said.insert(finding.kind).second)
            words += (words.empty() ? "" : ", ") + texts.say("unmet." + std::string(nameOf(finding.kind)));
    return words;
}

Fields expectationLines(const Texts& texts, const Texts& own, const std::vector<Expectation>& expectations,
                        const std::vector<ExpectationFinding>& unmet) {
    std::vector<Fields> lines;
    for (const auto& expectation : expectations) {
        const auto found = std::find_if(unmet.begin(), unmet.end(),
                                        [&](const auto& finding) { return finding.key() == expectation.key(); });
        Fields line;
        const std::string words =
            expectationInWords(expectation, own.word("counter", expectation.counter), texts.language());
        // A counter's name is written as it is.
        line.set("words", expectation.kind == ExpectationKind::Counter ? words : capitalised(words));
        line.set("isUnmet", asFlag(found != unmet.end()));
        line.set("found", found == unmet.end() ? "" : foundText(texts, own, *found));
        lines.push_back(std::move(line));
    }
    return asList(std::move(lines));
}

Fields unmetLines(const Texts& texts, const Texts& own, const std::vector<ExpectationFinding>& findings) {
    std::vector<Fields> lines;
    for (const auto& finding : findings)
        if (!finding.isMet) lines.emplace_back(Fields("found", foundText(texts, own, finding)));
    return asList(std::move(lines));
}

}  // namespace carillon
