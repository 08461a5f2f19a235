#pragma once

#include "carillon/Clock.h"
#include "carillon/RunReport.h"
#include "record/SlotEnding.h"

#include "Poco/Data/Session.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// What began a run that decides rejects anew. It tells nothing of how the job's own runs go.
inline constexpr std::string_view kReplayTrigger = "replay";

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
    SlotEnding ending = SlotEnding::Ran;
    std::string reason{};
    std::string run{};  ///< The run that it became, or for which it was skipped.
    std::string trigger{};
    TimePoint recordedAt{};
};

/// How a due time ended, with the outcome of the run that it became.
struct SlotEnd {
    std::string job{};
    TimePoint slotAt{};
    SlotEnding ending = SlotEnding::Ran;
    std::string run{};                 ///< See SlotRow.
    std::optional<Outcome> outcome{};  ///< Of that run; empty: it runs, or there is none.
    TimePoint recordedAt{};
};

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
