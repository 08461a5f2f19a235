#include "alerts/AlertEvents.h"

#include "alerts/Alert.h"
#include "base/JsonValue.h"
#include "scheduler/ScheduleBook.h"
#include "scheduler/SlotDecision.h"

namespace carillon {
namespace {

std::int64_t counterOf(const RunReport& report, std::string_view name, std::int64_t otherwise) {
    for (const auto& [counter, value] : report.counters)
        if (counter == name) return value;
    return otherwise;
}

/// Of a run in the history: what its report says, as far as alerts are concerned.
RunReport reportOf(const RunRow& row) {
    RunReport report;
    report.outcome = row.outcome.value_or(Outcome::Failed);
    report.message = row.message;
    if (!row.report || row.report->empty()) return report;
    try {
        const JsonValue json = JsonValue::parse(*row.report);
        if (!json.has("counters")) return report;
        for (const auto& [name, value] : json["counters"].members()) report.count(name, value.number<std::int64_t>());
    } catch (const Poco::DataFormatException&) {  // it counts for nothing
    }
    return report;
}

bool isOnSchedule(const RunIdentity& run) {
    return run.attempt == 1 && (run.trigger == "schedule" || run.trigger == "misfire");
}

}  // namespace

EndedRun endedRunOf(const RunIdentity& run, const RunReport& report, TimePoint finishedAt) {
    EndedRun ended{run.job,
                   run.run,
                   report.outcome,
                   report.message,
                   counterOf(report, kRejectedCounter, 0),
                   {},
                   finishedAt,
                   false,
                   run.trigger == kReplayTrigger,
                   run.attempt > 1};
    if (const auto backlog = counterOf(report, RunReport::kBacklogCounter, -1); backlog >= 0) ended.backlog = backlog;
    return ended;
}

EndedRun endedRunOf(const RunRow& row) {
    return endedRunOf(identityOf(row), reportOf(row), row.finishedAt.value_or(row.startedAt));
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
    if (slot.ending == SlotEnding::Missed && slot.reason == kPlanChanged) return because(kLateChanged);
    if (slot.ending == SlotEnding::Missed) return because(kLateUnseen);
    if (slot.ending == SlotEnding::Merged && now - slot.slotAt > allowed) return because(kLateBegun);
    if (slot.ending != SlotEnding::Skipped) return std::nullopt;
    if (slot.reason == kQueueFull) return because(kLateQueue);
    if (slot.reason == kOverlap && runningSince && slot.slotAt - *runningSince > allowed) return because(kLateOverlap);
    return std::nullopt;
}

}  // namespace carillon
