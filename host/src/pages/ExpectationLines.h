#pragma once

#include "config/Expectations.h"
#include "pages/Template.h"
#include "words/Texts.h"

#include <string>
#include <vector>

/// What is expected of a job, as pages show it. `texts`: those of the page; `own`: those of its plugin,
/// which name its counters, and may be none, in English.
namespace carillon {

/// The kinds of what is not met, each once: `slow, no success`; empty: all is met.
std::string unmetInWords(const Texts& texts, const std::vector<ExpectationFinding>& unmet);

/// A list of all that is expected: `words`; whether it `isUnmet`, and then what was `found`.
Fields expectationLines(const Texts& texts, const Texts& own, const std::vector<Expectation>& expectations,
                        const std::vector<ExpectationFinding>& unmet);

/// A list of what was `found` where it is not met.
Fields unmetLines(const Texts& texts, const Texts& own, const std::vector<ExpectationFinding>& findings);

}  // namespace carillon
