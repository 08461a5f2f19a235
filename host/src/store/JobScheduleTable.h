#pragma once

#include "carillon/Clock.h"
#include "record/Pause.h"
#include "record/Words.h"

#include "Poco/Data/Session.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// A failed slot that is tried again.
struct Retry {
    TimePoint at{};
    TimePoint slot{};
    int attempt = 2;
    Trigger trigger = Trigger::Other;  ///< Of the first attempt.
};

/// What the store knows of a job's schedule.
struct ScheduleRow {
    std::string job{};
    std::int64_t plan = 0;            ///< Fingerprint of the schedule that `next` belongs to.
    std::optional<TimePoint> next{};  ///< The first slot without a ledger row.
    bool paused = false;
    bool busy = false;
    std::optional<Retry> retry{};
    Pause pause{};  ///< While it is paused.
};

/// A job's next slot moves on.
struct ScheduleMove {
    std::string job{};
    TimePoint from{};
    std::optional<TimePoint> to{};
};

/// The tables job_schedule and job_pause: one row a job that a host has known, and one more while it is paused;
/// written by the host that holds the state's lock and by `pause` and `resume` without one; nobody else writes them.
/// All inside a transaction of the caller, who passes on what the database throws. Invariants: a job has a row in
/// job_pause only while its row in job_schedule says that it is paused; what an earlier version paused has none.
/// next_at moves on in the transaction that gives each slot before it its row in the ledger, and only from where the
/// writer knows it to be: nobody else can have moved it from there.

/// In the order of the names, of those behind `after`.
std::vector<ScheduleRow> readSchedules(Poco::Data::Session& session, const std::string& after, int limit);
/// The jobs that are paused, by name.
std::map<std::string, Pause> readPauses(Poco::Data::Session& session);
/// Whole rows in place of those that there may be.
void replaceSchedules(Poco::Data::Session& session, const std::vector<ScheduleRow>& rows);
/// Not of a job whose next slot is another.
void moveSchedules(Poco::Data::Session& session, const std::vector<ScheduleMove>& moves);
/// Wherever it is.
void moveSchedule(Poco::Data::Session& session, const ScheduleMove& move);

}  // namespace carillon
