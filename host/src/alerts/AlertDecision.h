#pragma once

#include "alerts/Alert.h"
#include "alerts/AlertSettings.h"
#include "alerts/AlertState.h"
#include "carillon/RunReport.h"

#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// A run that is over, as far as alerts are concerned. Plain data.
struct EndedRun {
    std::string job{};
    std::string run{};
    Outcome outcome = Outcome::Failed;
    std::string message{};
    std::int64_t rejected = 0;
    std::optional<std::int64_t> backlog{};  ///< Items that it left; nothing: it does not tell.
    TimePoint finishedAt{};
    bool triedAgain = false;  ///< It failed, and its slot has further attempts: it decides nothing.
};

/// The counter of items that a run put aside.
inline constexpr std::string_view kRejectedCounter = "rejected";

/// Slots of a job in which nothing began when it should have. Plain data.
struct LateSlots {
    std::string job{};
    TimePoint first{};
    TimePoint last{};
    std::int64_t count = 1;
    std::string why{};  ///< One of kLate….
};

/// What follows from an event: what is remembered from now on, and the alerts that are due. Those have neither title,
/// host nor last success yet.
struct AlertDecision {
    AlertState state{};
    std::vector<Alert> alerts{};
};

/// Pure. Whatever comes, in whatever order:
/// - a run that was looked at changes nothing when it comes again;
/// - nothing is told before `snoozedUntil`, and two alerts of a kind are never closer than rules.interval, but for
///   recoveries:
/// - a failure is told once rules.after runs in a row have failed, and again after the interval while it lasts;
/// - a recovery is told exactly where a failure was told before.
/// `now` is when it is decided.
AlertDecision decideAlerts(const AlertState& state, const AlertRules& rules, const EndedRun& run,
                           TimePoint snoozedUntil, TimePoint now);
/// - slots that nothing ran in are told once until a run ends.
AlertDecision decideAlerts(const AlertState& state, const AlertRules& rules, const LateSlots& slots,
                           TimePoint snoozedUntil, TimePoint now);

}  // namespace carillon
