#pragma once

#include "carillon/Clock.h"
#include "schedule/TimeZone.h"
#include "store/RunTable.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace carillon {

/// How long the stretches are that runs are counted in: local days, or weeks from Monday on.
enum class PeriodLength { Day, Week };

/// The runs that began in a stretch of time.
struct RunPeriod {
    TimePoint from{};
    TimePoint until{};                                            ///< Not in it any more.
    std::array<std::size_t, kEnumNames<Outcome>.size()> ended{};  ///< By outcome.
    std::size_t running = 0;
    std::optional<std::chrono::microseconds> median{};  ///< Of what those that ended took; nothing: none did.
    std::optional<std::chrono::microseconds> longest{};

    std::size_t all() const;
    std::size_t endedAs(Outcome outcome) const { return ended[static_cast<std::size_t>(outcome)]; }
};

/// The last `most` of them up to `now`, the oldest first, also those in which nothing ran, but none before the first
/// run. Pure.
std::vector<RunPeriod> runPeriods(const std::vector<RunFigure>& runs, const TimeZone& zone, TimePoint now,
                                  PeriodLength length, std::size_t most);

/// Where the first of them begins.
TimePoint beginOfPeriods(const TimeZone& zone, TimePoint now, PeriodLength length, std::size_t most);

}  // namespace carillon
