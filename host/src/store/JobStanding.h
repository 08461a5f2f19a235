#pragma once

#include "carillon/Clock.h"

#include "Poco/Data/Session.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// How one job stands by history, ledger and schedule. Plain data. Replays count for the rejects alone: they are no
/// work of the job's own. Runs that were stopped tell nothing.
struct JobStanding {
    std::string job{};
    bool isPaused = false;

    bool hasFailed = false;                   ///< So its last run ended.
    std::string run{};                        ///< This one,
    std::string message{};                    ///< and what it said.
    std::int64_t failures = 0;                ///< Since its last success.
    TimePoint failingSince{};                 ///< The end of the first of them.
    TimePoint succeededAt{};                  ///< 1970: never.
    std::int64_t passed = 0;                  ///< Slots since then that were missed, or skipped for want of room.
    TimePoint firstPassed{};                  ///< The first of these.
    std::int64_t openRejects = 0;             ///< By the last run that told.
    std::optional<TimePoint> snoozedUntil{};  ///< Nobody is alerted to it before.
};

/// Reads the tables of the store and throws what the database throws. By job.
std::vector<JobStanding> readStandings(Poco::Data::Session& session, TimePoint now);

}  // namespace carillon
