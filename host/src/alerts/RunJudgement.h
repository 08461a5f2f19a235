#pragma once

#include "carillon/Clock.h"
#include "carillon/RunReport.h"
#include "config/Expectations.h"
#include "record/Run.h"

#include <chrono>
#include <optional>
#include <vector>

/// What a run tells of what is expected of its job. Pure.
namespace carillon {

/// Of each expectation that the run says something of, whether it is met:
/// - of Slow every run that took too long, and of the others one that succeeded or had nothing to do;
/// - of Fast one that succeeded: with nothing to do a run may be as fast as it likes;
/// - of Counter one that succeeded or had nothing to do; a counter that is not told is 0 where 0 is as expected, and
/// else
///   not met;
/// - NoSuccess is met by one that succeeded or had nothing to do.
/// A run that was stopped says nothing. `took`: nothing: nobody saw how long.
std::vector<ExpectationFinding> judgeRun(const std::vector<Expectation>& expectations, const RunReport& report,
                                         std::optional<std::chrono::microseconds> took);

/// The same of a run in the history; of one that goes on whether it is too slow already. A replay says nothing: it is
/// no work of the job's own.
std::vector<ExpectationFinding> judgeRun(const std::vector<Expectation>& expectations, const RunRow& run,
                                         TimePoint now);

/// How long something took beside what is expected. Rounded so that it stays on its side of the bound.
ExpectationFinding findingOf(const Expectation& expectation, std::chrono::microseconds took);

}  // namespace carillon
