#pragma once

#include "carillon/Zone.h"
#include "schedule/ZoneFile.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace carillon {

/// One zone of the time-zone database: which local time each instant before the year 2200 has.
/// Immutable, safe from any thread.
class TimeZone final : public Zone {
public:
    /// A stretch of time with one offset.
    struct Period {
        std::chrono::sys_seconds from{};
        std::chrono::sys_seconds until{};  ///< Not in it any more.
        std::chrono::seconds offset{};
        /// The latest local time that was shown before `from`.
        std::chrono::local_seconds latestBefore{};

        std::chrono::local_seconds toLocal(std::chrono::sys_seconds at) const {
            return std::chrono::local_seconds{at.time_since_epoch() + offset};
        }
        std::chrono::sys_seconds toUtc(std::chrono::local_seconds at) const {
            return std::chrono::sys_seconds{at.time_since_epoch() - offset};
        }
        /// The first local time that no clock on the wall has shown before `at`, which is in the period. At the end of
        /// a gap that is the time before the gap: what was skipped is due now.
        std::chrono::local_seconds firstUnseen(std::chrono::sys_seconds at) const {
            const auto unseen = latestBefore + std::chrono::seconds(1);
            return at == from ? unseen : std::max(unseen, toLocal(at));
        }
    };

    TimeZone(std::string name, const ZoneFile& file);

    const std::string& name() const override { return _name; }
    std::chrono::local_seconds toLocal(std::chrono::sys_seconds at) const override { return periodAt(at).toLocal(at); }
    std::chrono::sys_seconds toUtc(std::chrono::local_seconds local) const override {
        return firstPass(local, _periods.front());
    }
    /// Back to back, the first one from the beginning of time, the last one without end; neighbours differ in offset.
    const std::vector<Period>& periods() const { return _periods; }
    const Period& periodAt(std::chrono::sys_seconds at) const;
    /// The first instant whose local time is `local` or later: where `local` does not exist, the end of the gap; where
    /// it comes twice, its first pass. `around` is a period that it cannot lie before.
    std::chrono::sys_seconds firstPass(std::chrono::local_seconds local, const Period& around) const;

private:
    void addPeriods(std::chrono::seconds firstOffset, const std::vector<ZoneTransition>& transitions);
    void buildIndex();

    std::string _name;
    std::vector<Period> _periods{};
    std::vector<std::uint32_t> _index{};  // the period at the beginning of each slice of time
    std::chrono::seconds _largestOffset = std::chrono::seconds::min();
};

}  // namespace carillon
