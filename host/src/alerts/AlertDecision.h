#pragma once

#include "alerts/Alert.h"
#include "alerts/AlertEvents.h"
#include "carillon/RunReport.h"
#include "config/AlertSettings.h"

#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// What follows from an event: what is remembered from now on, and the alerts that are due. Those have neither title,
/// host nor last success yet.
struct AlertDecision {
    AlertState state{};
    std::vector<Alert> alerts{};
};

/// Pure. Whatever comes, in whatever order:
/// - a run that was looked at changes nothing when it comes again;
/// - nothing is told before `snoozedUntil`, and two alerts of a kind are never closer than rules.interval, but for
///   recoveries and failures:
/// - a run that was stopped neither failed nor succeeded;
/// - a failure whose slot is to be tried again counts when that attempt fails, or as soon as none will come: it was
///   given up or stopped, or a run of another slot has failed in its place;
/// - a failure is told once rules.after runs in a row have failed, or at once where the task gives up, and again after
///   the interval while it lasts; after a success it is another one;
/// - a replay tells of its items alone, and nothing of how the job's own runs go;
/// - a recovery is told exactly where a failure was told before;
/// - what the run says of what is expected of the job: see decideExpectations().
/// `now` is when it is decided.
AlertDecision decideAlerts(const AlertState& state, const AlertRules& rules, const EndedRun& run,
                           TimePoint snoozedUntil, TimePoint now);
/// The job's failed slot is not tried again after all.
AlertDecision decideRetriesEnded(const std::string& job, const AlertState& state, const AlertRules& rules,
                                 TimePoint snoozedUntil, TimePoint now);
/// - slots that nothing ran in are told once until a run ends.
AlertDecision decideAlerts(const AlertState& state, const AlertRules& rules, const LateSlots& slots,
                           TimePoint snoozedUntil, TimePoint now);

}  // namespace carillon
