#pragma once

#include "carillon/Clock.h"
#include "record/Pause.h"
#include "store/ActivityTable.h"
#include "store/StoreFile.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// The activity log in the file of the other stores. One thread an object, any number of objects and processes. Every
/// function throws StoreException, having changed nothing, and works again when the store does.
class ActivityLog {
public:
    static constexpr std::chrono::milliseconds kPatience{2'000};
    /// Each so manieth row has what is kept no longer deleted.
    static constexpr std::int64_t kTrimEvery = 1'000;

    /// Borrows the clock.
    ActivityLog(const std::string& stateDir, const Clock& clock, const ActivityKeeping& keeping,
                std::chrono::milliseconds patience = kPatience);

    /// All of them, or none; each is bounded() first.
    void write(const std::vector<Activity>& activities);
    std::vector<Activity> read(const ActivityQuery& query);
    void trim();

private:
    const Clock& _clock;
    ActivityKeeping _keeping;
    StoreFile _file;
};

/// Of a pause, which the row keeps with its end.
Activity pauseActOf(const Actor& who, const Pause& pause);
/// When the pause or the snooze ends that the row tells of; nothing: never by itself, or it tells of something else.
std::optional<TimePoint> endOf(const Activity& activity);

/// A row for each of the jobs; of very many one row, with the pattern that meant them in their place.
std::vector<Activity> forEachJob(const Activity& activity, const std::vector<std::string>& jobs,
                                 const std::string& pattern);

}  // namespace carillon
