#pragma once

#include "alerts/Alert.h"
#include "schedule/words/ScheduleWords.h"

#include <string>

namespace carillon {

/// What an alert is put together from, in the language and the zone of whoever reads it.
struct AlertPhrases {
    std::string name{};         ///< The job, with its title.
    std::string when{};         ///< Alert::at.
    std::string since{};        ///< `, since …`; empty: not known.
    std::string lastSuccess{};  ///< A sentence.
    std::string message{};      ///< Of the run: a sentence.
};

/// Whether an alert is about what is expected of a job: that it is not met, or is again.
inline bool isOfExpectation(const Alert& alert) {
    return alert.expectation.has_value();
}

/// As AlertText words the others. Of an alert with an expectation.
std::string expectationHeadline(const Alert& alert, Language language);
std::string expectationBody(const Alert& alert, const AlertPhrases& phrases, Language language);

}  // namespace carillon
