#pragma once

#include "carillon/Clock.h"
#include "record/Run.h"
#include "store/RowSearch.h"

#include "Poco/Data/Session.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// A page of the ledger, newest first.
struct SlotQuery {
    std::string job{};  ///< Empty: of all jobs; then without `before`.
    std::size_t limit = 50;
    std::optional<TimePoint> before{};   ///< Where the page before ended.
    std::optional<SlotEnding> ending{};  ///< Only those.
    TimePoint since{};                   ///< Only those due then or later,
    TimePoint until = kNever;            ///< and before that.
    std::optional<Trigger> trigger{};    ///< Only those.
    std::string text{};                  ///< Only those with it in their reason, in English or French, see folded().
    std::size_t mostLookedAt = 0;        ///< Rows that are looked at, about; 0: all that there are.
};

/// The table slot: the ledger. Nobody else writes it. All inside a transaction of the caller, who passes on what the
/// database throws.
/// Invariants: a due time has one row, which is never changed: it comes in the transaction that moves the job's
/// schedule beyond it, or that makes the run that somebody asked for. What is kept no longer is deleted, see
/// Retention.h.

/// None of them is there already: the database throws for one that is.
void insertSlots(Poco::Data::Session& session, const std::vector<SlotRow>& slots, TimePoint now);
/// False: it is there already, and stays as it is.
bool insertMissingSlot(Poco::Data::Session& session, const SlotRow& slot, TimePoint now);
bool hasSlot(Poco::Data::Session& session, const std::string& job, TimePoint at);

/// A query with a text is for SQLite alone.
Found<SlotRow> searchSlots(Poco::Data::Session& session, const SlotQuery& query);
inline std::vector<SlotRow> readSlots(Poco::Data::Session& session, const SlotQuery& query) {
    return searchSlots(session, query).rows;
}
/// Newest first; of all jobs when none is named.
inline std::vector<SlotRow> readSlots(Poco::Data::Session& session, const std::optional<std::string>& job,
                                      std::size_t limit) {
    return readSlots(session, SlotQuery{job.value_or(""), limit});
}
/// Those of a job in [from, until), in their order; of more than `limit`, those that ran are left out first.
std::vector<SlotRow> readTellingSlots(Poco::Data::Session& session, const std::string& job, TimePoint from,
                                      TimePoint until, std::size_t limit);
/// All of a job in [from, until), in their order.
std::vector<SlotRow> readSlotsBetween(Poco::Data::Session& session, const std::string& job, TimePoint from,
                                      TimePoint until);
/// The first one of a job at that time or later.
std::optional<SlotRow> readFirstSlot(Poco::Data::Session& session, const std::string& job, TimePoint from);
/// The one that became that run and was recorded in [from, until).
std::optional<SlotRow> readSlotOfRun(Poco::Data::Session& session, const std::string& run, TimePoint from,
                                     TimePoint until);
/// One job's due times from `since` on, in their order.
std::vector<SlotEnd> readSlotEnds(Poco::Data::Session& session, const std::string& job, TimePoint since);
/// Of all jobs, what was recorded from `recordedSince` on.
std::vector<SlotEnd> readSlotEnds(Poco::Data::Session& session, TimePoint recordedSince);

}  // namespace carillon
