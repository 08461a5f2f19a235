#include "store/ActivityLog.h"

#include "schedule/LocalTime.h"

namespace carillon {
namespace {

/// An act on more jobs would push out what else people did.
constexpr std::size_t kMostRowsOfAnAct = 1'000;

}  // namespace

ActivityLog::ActivityLog(const std::string& stateDir, const Clock& clock, const ActivityKeeping& keeping,
                         std::chrono::milliseconds patience)
    // A checkpoint may wait for the disk, and the scheduler for it.
    : _clock(clock), _keeping(keeping), _file(stateDir, clock, patience, Checkpoints::OnDemand) {}

void ActivityLog::write(const std::vector<Activity>& activities) {
    if (activities.empty()) return;
    _file.with([&](auto& session) {
        TransactionScope transaction(session);
        bool trims = false;
        for (const auto& activity : activities)
            trims = insertActivity(session, bounded(activity)) % kTrimEvery == 0 || trims;
        if (trims) trimActivity(session, _keeping, _clock.now());
        transaction.commit();
    });
}

std::vector<Activity> ActivityLog::read(const ActivityQuery& query) {
    return _file.with([&](auto& session) { return readActivity(session, query); });
}

void ActivityLog::trim() {
    _file.with([&](auto& session) {
        TransactionScope transaction(session);
        trimActivity(session, _keeping, _clock.now());
        transaction.commit();
    });
}

Activity pauseActOf(const Actor& who, const Pause& pause) {
    Activity act;
    act.actor = who;
    act.what = Act::Pause;
    act.note = pause.note;
    if (pause.until) act.subject = toRfc3339(*pause.until);
    return act;
}

std::optional<TimePoint> endOf(const Activity& activity) {
    const bool mayEnd = activity.what == Act::Pause || activity.what == Act::Snooze;
    return mayEnd ? parseRfc3339(activity.subject) : std::nullopt;
}

std::vector<Activity> forEachJob(const Activity& activity, const std::vector<std::string>& jobs,
                                 const std::string& pattern) {
    std::vector<Activity> rows;
    Activity row = activity;
    if (jobs.size() > kMostRowsOfAnAct) {
        row.job = pattern;
        return {row};
    }
    for (const auto& job : jobs) {
        row.job = job;
        rows.push_back(row);
    }
    return rows;
}

}  // namespace carillon
