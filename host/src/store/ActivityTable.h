#pragma once

#include "carillon/Clock.h"
#include "record/Activity.h"

#include "Poco/Data/Session.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// A page of the activity log, newest first; of each filter that is set what it names.
struct ActivityQuery {
    std::string job{};  ///< Also what was done with a pattern that means it.
    std::string by{};   ///< The actor, or who is behind a system user; `host` and `nobody` as well.
    std::optional<Act> what{};
    std::optional<TimePoint> since{};
    std::optional<TimePoint> until{};  ///< Before that.
    std::int64_t before = 0;           ///< Only rows with smaller ids; 0: from the newest on.
    std::size_t limit = 50;
};

/// How much of the log is kept: what is younger, and so many rows of all. What programs do and what strangers are
/// refused is less of it, so that neither displaces what people did.
struct ActivityKeeping {
    std::chrono::milliseconds span = std::chrono::days(400);
    std::int64_t rows = 100'000;
    std::int64_t rowsOfTokens = 50'000;
    std::int64_t rowsOfNobody = 10'000;
};

/// The table activity. A note or reason with a code is kept as JSON behind a character that no text of people has,
/// since what is hidden in theirs is made visible (bounded()). All inside a transaction of the caller, who passes on
/// what the database throws. Invariants: a row is never changed but for the count of a refusal that comes again within
/// its minute, and deleted only as the oldest of all, or of its kind of actor.

/// A row, or one more of the refusal that is there. Returns its id. The texts are bounded().
std::int64_t insertActivity(Poco::Data::Session& session, const Activity& activity);

/// Invariant: a replay or dismissal is Done only where the history has its run, and that succeeded; so it holds
/// whenever the host, the run or the command was killed.
std::vector<Activity> readActivity(Poco::Data::Session& session, const ActivityQuery& query);

/// Deletes what is kept no longer: looks at the oldest rows only.
void trimActivity(Poco::Data::Session& session, const ActivityKeeping& keeping, TimePoint now);

}  // namespace carillon
