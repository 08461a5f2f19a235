#pragma once

#include "carillon/Clock.h"
#include "record/Run.h"

#include "Poco/Data/Session.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// A page of one job's history, newest first.
struct RunQuery {
    std::string job{};
    std::size_t limit = 50;
    std::string after{};               ///< The last run of the page before; empty: from the newest on.
    std::optional<Outcome> outcome{};  ///< Only those that ended so.
    bool running = false;              ///< Only those that have not ended.
};

/// A page of one job's ledger, newest first.
struct SlotQuery {
    std::string job{};
    std::size_t limit = 50;
    std::optional<TimePoint> before{};
};

/// These read the tables of the store and throw what the database throws.
std::optional<RunRow> readRun(Poco::Data::Session& session, const std::string& id);
/// Newest first; of all jobs when none is named.
std::vector<RunRow> readRuns(Poco::Data::Session& session, const std::optional<std::string>& job, std::size_t limit);
std::vector<SlotRow> readSlots(Poco::Data::Session& session, const std::optional<std::string>& job, std::size_t limit);
/// Nothing follows a run that is not there any more.
std::vector<RunRow> readRuns(Poco::Data::Session& session, const RunQuery& query);
std::vector<SlotRow> readSlots(Poco::Data::Session& session, const SlotQuery& query);
/// One job's due times from `since` on, in their order.
std::vector<SlotEnd> readSlotEnds(Poco::Data::Session& session, const std::string& job, TimePoint since);
/// Of all jobs, what was recorded from `recordedSince` on.
std::vector<SlotEnd> readSlotEnds(Poco::Data::Session& session, TimePoint recordedSince);
/// The runs of all jobs that began then or later, oldest first.
std::vector<RunRow> readRuns(Poco::Data::Session& session, TimePoint startedSince);

}  // namespace carillon
