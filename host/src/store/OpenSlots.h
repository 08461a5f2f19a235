#pragma once

#include "carillon/Clock.h"
#include "record/Run.h"

#include "Poco/Data/Session.h"

#include <cstdint>
#include <string>
#include <vector>

namespace carillon {

/// What the store knows of a job's due times in a stretch of time, for who would run them later.
struct KnownSlots {
    std::vector<SlotRow> slots{};        ///< Of its schedules, in their order; what somebody asked for is none of them.
    std::vector<TimePoint> attempted{};  ///< Those that a run was for, in their order.
    std::vector<TimePoint> closed{};  ///< Those of which a run succeeded, goes on, or is tried again, in their order.
    TimePoint decidedUntil = kNever;  ///< From there on a host will still decide; kNever: it has no schedule yet.
};

/// [from, until). Reads the tables of the store one after the other: what changes meanwhile is seen when a run is
/// claimed. Throws what the database throws.
KnownSlots readKnownSlots(Poco::Data::Session& session, const std::string& job, TimePoint from, TimePoint until);

/// Which due times to run.
enum class OpenKind : std::uint8_t {
    WithoutSuccess,  ///< No run for it succeeded, be there one or not.
    WithoutRun       ///< No run was for it.
};

/// Pure. The times among `due` and what is known that are open and decided, each once, in their order. `due`: times of
/// the schedule in the same stretch, in their order, which the ledger need not know.
std::vector<TimePoint> openSlots(const KnownSlots& known, const std::vector<TimePoint>& due, OpenKind kind);

}  // namespace carillon
