#pragma once

#include "record/Activity.h"
#include "record/Run.h"

#include "Poco/Data/Session.h"

#include <optional>
#include <string>

namespace carillon {

/// What is still known of a run that the history no longer has. Plain data.
struct GoneRun {
    TimePoint claimedAt{};          ///< By its id, to the second.
    std::optional<SlotRow> slot{};  ///< The due time that became it.
    std::optional<Activity> act{};  ///< What somebody did to have it.

    /// Empty: nothing tells whose run it was, nor whether there ever was one.
    std::string job() const { return slot ? slot->job : act ? act->job : ""; }
};

/// When a run with that id was claimed, see newRunId(); nothing: no host gave that id.
std::optional<TimePoint> timeOfRunId(const std::string& id);

/// Nothing: no host gave that id. Reads what ledger and activity log noted as the run was claimed, by their indexes of
/// time.
std::optional<GoneRun> readGoneRun(Poco::Data::Session& session, const std::string& id);

}  // namespace carillon
