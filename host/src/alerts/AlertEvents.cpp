#include "alerts/AlertEvents.h"

#include "alerts/Alert.h"
#include "scheduler/ScheduleBook.h"
#include "scheduler/SlotDecision.h"

namespace carillon {
namespace {

bool isOnSchedule(const RunIdentity& run) {
    return run.attempt == 1 && (run.trigger == Trigger::Schedule || run.trigger == Trigger::Misfire);
}

}  // namespace

EndedRun endedRunOf(const RunIdentity& run, const RunReport& report, TimePoint finishedAt) {
    return EndedRun{run.job,
                    run.run,
                    report.outcome,
                    report.message,
                    report.valueOf(FigureRole::Rejected).value_or(0),
                    report.valueOf(FigureRole::Backlog),
                    finishedAt,
                    false,
                    !isOwnWork(run.trigger),
                    run.attempt > 1,
                    report.givenUp,
                    {}};
}

EndedRun endedRunOf(const RunRow& row) {
    return endedRunOf(identityOf(row), reportOf(row), row.finishedAt.value_or(row.startedAt));
}

EndedRun withRetries(EndedRun ended, std::int64_t attempt, const Configuration& configuration) {
    if (ended.outcome != Outcome::Failed || ended.givenUp || ended.isReplay) return ended;
    if (const auto job = configuration.find(ended.job)) ended.triedAgain = attempt <= job->settings()->retries;
    return ended;
}

RunIdentity identityOf(const RunRow& row) {
    return {row.job, row.id, row.trigger, row.host, row.attempt, row.fence, row.scheduledAt, row.startedAt};
}

std::optional<LateSlots> lateOf(const RunIdentity& run, std::chrono::microseconds allowed) {
    if (!isOnSchedule(run) || run.startedAt - run.scheduledAt <= allowed) return std::nullopt;
    return LateSlots{run.job, run.scheduledAt, run.scheduledAt, 1, std::string(kLateBegun)};
}

std::optional<LateSlots> lateOf(const SlotRow& slot, std::optional<TimePoint> runningSince, TimePoint now,
                                std::chrono::microseconds allowed) {
    const auto because = [&slot](std::string_view why) {
        return LateSlots{slot.job, slot.slotAt, slot.slotAt, 1, std::string(why)};
    };
    if (slot.ending == SlotEnding::Missed && slot.reason.skip == SkipReason::ScheduleChanged)
        return because(kLateChanged);
    if (slot.ending == SlotEnding::Missed) return because(kLateUnseen);
    if (slot.ending == SlotEnding::Merged && now - slot.slotAt > allowed) return because(kLateBegun);
    if (slot.ending != SlotEnding::Skipped) return std::nullopt;
    if (slot.reason.skip == SkipReason::QueueFull) return because(kLateQueue);
    if (slot.reason.skip == SkipReason::Overlap && runningSince && slot.slotAt - *runningSince > allowed)
        return because(kLateOverlap);
    return std::nullopt;
}

}  // namespace carillon
