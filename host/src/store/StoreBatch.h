#pragma once

#include "carillon/Clock.h"
#include "record/Run.h"
#include "store/Claims.h"
#include "store/JobScheduleTable.h"

#include "Poco/Data/Session.h"

#include <string>
#include <variant>
#include <vector>

namespace carillon {

/// What is written in one transaction.
struct StoreBatch {
    std::vector<RunEnd> ends{};
    std::vector<RunStart> starts{};
    std::vector<ScheduleMove> moves{};
    std::vector<SlotRow> slots{};  ///< The ledger rows of the starts, too.
    std::vector<ScheduleRow> rows{};

    bool empty() const { return ends.empty() && starts.empty() && moves.empty() && slots.empty() && rows.empty(); }
};

/// The slot of a start is in the ledger already.
struct SlotTaken {};

/// What became of a start: the run as it is recorded; or who holds the job's lock; or that the slot was another run's.
/// In the last two cases nothing of that job is written.
using StartAnswer = std::variant<Claim, Holder, SlotTaken>;

/// How a batch becomes rows. Inside a transaction of the caller, who passes on what the database
/// throws. `owner`: the text of the process that takes the locks.

/// One statement a table, as if all were as the host knows it. False: a row was not, and the caller rolls back.
bool writeTogether(Poco::Data::Session& session, const StoreBatch& batch, const std::string& owner, TimePoint now);
/// Each row by itself, with what is found in its place. An answer for each start, in order.
std::vector<StartAnswer> writeOneByOne(Poco::Data::Session& session, const StoreBatch& batch, TimePoint now);

}  // namespace carillon
