#pragma once

#include "carillon/Clock.h"
#include "carillon/RunReport.h"

#include "Poco/Data/Session.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// A row of the history.
struct RunRow {
    std::string id{};
    std::string job{};
    std::string trigger{};
    int attempt = 1;
    std::string host{};
    std::int64_t fence = 0;
    TimePoint scheduledAt{};
    TimePoint startedAt{};
    std::optional<TimePoint> finishedAt{};  ///< Empty: running.
    std::optional<Outcome> outcome{};       ///< Empty: running.
    std::string message{};
    std::optional<std::string> report{};  ///< JSON; empty: running, or its process ended without one.
};

/// A row of the ledger: one due time and how it ended.
struct SlotRow {
    std::string job{};
    TimePoint slotAt{};
    std::string ending{};  ///< ran, skipped, merged or missed.
    std::string reason{};
    std::string run{};  ///< The run that it became, or for which it was skipped.
    std::string trigger{};
    TimePoint recordedAt{};
};

/// These read the tables of the store and throw what the database throws.
std::optional<RunRow> readRun(Poco::Data::Session& session, const std::string& id);
/// Newest first; of all jobs when none is named.
std::vector<RunRow> readRuns(Poco::Data::Session& session, const std::optional<std::string>& job, std::size_t limit);
std::vector<SlotRow> readSlots(Poco::Data::Session& session, const std::optional<std::string>& job, std::size_t limit);

}  // namespace carillon
