#pragma once

#include "alerts/Alert.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// A failure whose slot has further attempts: nobody is told while the next one may still come. Plain data.
struct AwaitedFailure {
    std::string run{};
    std::string message{};
    TimePoint finishedAt{};

    bool operator==(const AwaitedFailure&) const = default;
};

/// What is remembered of a job between two decisions. Plain data, kept in the store as JSON.
struct AlertState {
    /// Runs that end out of order, as with overlap allow, are told apart among so many.
    static constexpr std::size_t kRecentRuns = 8;

    std::int64_t failures = 0;                ///< In a row, up to now.
    std::optional<TimePoint> failingSince{};  ///< The end of the first of them.
    bool failureTold = false;                 ///< People know of them: a recovery is to be told, too.
    std::optional<AwaitedFailure> awaited{};  ///< Not among the failures yet.
    bool lateTold = false;                ///< People know of a slot in which nothing ran, and nothing has ended since.
    std::optional<TimePoint> lateSlot{};  ///< The newest slot that was looked at for that.
    std::int64_t backlog = 0;             ///< Items that the last run left.
    std::int64_t growth = 0;              ///< Runs in a row that left more than the one before.
    std::int64_t grownFrom = 0;
    std::optional<TimePoint> growingSince{};
    std::map<AlertKind, TimePoint> toldAt{};  ///< The last alert of each kind.
    TimePoint seenUntil{};                    ///< The end of the newest run that was looked at.
    std::vector<std::string> recentRuns{};    ///< Looked at, newest last.

    bool operator==(const AlertState&) const = default;
};

/// On one line.
std::string alertStateJson(const AlertState& state);
/// Throws Poco::DataFormatException.
AlertState alertStateFromJson(std::string_view json);

}  // namespace carillon
