#pragma once

#include "alerts/AlertDecision.h"
#include "config/Expectations.h"

#include <chrono>
#include <string>
#include <vector>

namespace carillon {

/// A run that goes on for longer than expected. Plain data.
struct SlowRun {
    std::string job{};
    std::string run{};
    ExpectationFinding finding{};
};

/// A job that has had no success for longer than expected. Plain data.
struct SuccessOverdue {
    std::string job{};
    TimePoint since{};  ///< Its last success; without one since when it is expected.
    Expectation expectation{};
};

/// What the findings of a run that ended change. Part of decideAlerts(): pure, and the same whatever order things come
/// in:
/// - an expectation that is not met is told once an event, which is the run, or of NoSuccess the success before, and
/// two
///   alerts of one expectation are never closer than rules.interval;
/// - so a run that is told while it goes on is not told again when it ends;
/// - a run that meets it ends the trouble, and is told as a recovery exactly where that was told.
void decideExpectations(AlertDecision& decision, const AlertRules& rules, const EndedRun& run, TimePoint snoozedUntil,
                        TimePoint now);

AlertDecision decideAlerts(const AlertState& state, const AlertRules& rules, const SlowRun& run, TimePoint snoozedUntil,
                           TimePoint now);
AlertDecision decideAlerts(const AlertState& state, const AlertRules& rules, const SuccessOverdue& overdue,
                           TimePoint snoozedUntil, TimePoint now);

}  // namespace carillon
