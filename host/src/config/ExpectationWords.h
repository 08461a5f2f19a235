#pragma once

#include "carillon/Message.h"
#include "config/Expectations.h"
#include "schedule/words/ScheduleWords.h"

#include <chrono>
#include <string>

namespace carillon {

/// What is expected, as a clause: `a run takes 10 min at most`, `items is 1 or more`. `counter`: what the counter is
/// called there.
Message sayExpectation(const Expectation& expectation, const std::string& counter);
std::string expectationInWords(const Expectation& expectation, const std::string& counter, Language language);
inline std::string expectationInWords(const Expectation& expectation, Language language) {
    return expectationInWords(expectation, expectation.counter, language);
}

/// What was found where it is not met, as a clause that follows "it" or the name of the run:
/// `took 12 min, expected 10 min at most`; `tells no items, expected 1 or more`.
/// Of NoSuccess that of the job: `has had no success for 27 h, expected one within 26 h`.
std::string findingInWords(const ExpectationFinding& finding, const std::string& counter, Language language);
inline std::string findingInWords(const ExpectationFinding& finding, Language language) {
    return findingInWords(finding, finding.counter, language);
}

}  // namespace carillon
