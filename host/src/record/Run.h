#pragma once

#include "base/ConfigSource.h"
#include "base/Fields.h"
#include "carillon/RunContext.h"
#include "carillon/RunReport.h"
#include "record/SlotReason.h"
#include "record/TaskMessage.h"
#include "record/Words.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// Who holds a job's lock.
struct Holder {
    std::string run{};
    std::string host{};
    int pid = 0;
    TimePoint since{};
};

/// How a run went.
struct RunResult {
    enum class Kind : std::uint8_t {
        Ran,
        Busy,
        NotBegun,  ///< A signal came while it still waited.
        BadConfiguration,
        SlotHasRun  ///< The due time of the past that it was to be for has a run; its id is the holder's.
    };

    Kind kind = Kind::Ran;
    RunIdentity identity{};             ///< Ran
    RunReport report{};                 ///< Ran
    TimePoint finishedAt{};             ///< Ran
    bool waited = false;                ///< Ran: its startedAt is later than its claim's; it waited for a seat.
    int stoppedBy = 0;                  ///< The signal that ended it, or the wait, early; 0: none.
    Holder holder{};                    ///< Busy
    std::vector<ConfigFault> faults{};  ///< BadConfiguration
};

/// A row of the history.
struct RunRow {
    std::string id{};
    std::string job{};
    Trigger trigger = Trigger::Other;
    int attempt = 1;
    std::string host{};
    std::int64_t fence = 0;
    TimePoint scheduledAt{};
    TimePoint startedAt{};
    std::optional<TimePoint> finishedAt{};  ///< Empty: running.
    std::optional<Outcome> outcome{};       ///< Empty: running.
    std::string message{};
    std::optional<std::string> report{};  ///< JSON; empty: running, or its process ended without one.
};

/// A row of the ledger: one due time and how it ended.
struct SlotRow {
    std::string job{};
    TimePoint slotAt{};
    SlotEnding ending = SlotEnding::Ran;
    SlotReason reason{};
    std::string run{};  ///< The run that it became, or for which it was skipped.
    Trigger trigger = Trigger::Other;
    TimePoint recordedAt{};
};

/// How a due time ended, with the outcome of the run that it became.
struct SlotEnd {
    std::string job{};
    TimePoint slotAt{};
    SlotEnding ending = SlotEnding::Ran;
    std::string run{};                 ///< See SlotRow.
    std::optional<Outcome> outcome{};  ///< Of that run; empty: it runs, or there is none.
    TimePoint recordedAt{};
};

/// The report of a run in the history, as far as it can be read; a figure has its key for a name. Those of earlier
/// versions tell no roles.
RunReport reportOf(const RunRow& run);

/// The message of a run in the history, with its code where its report tells it.
Message messageOf(const RunRow& run);

/// In the public form: the whole report where there is one; else what the row knows.
void writePublic(JsonWriter& json, const RunRow& run);

template <class Archive>
void fields(Archive& archive, Holder& holder) {
    archive("run", holder.run);
    archive("host", holder.host);
    archive("pid", holder.pid);
    archive("since", holder.since);
}

template <class Archive>
void fields(Archive& archive, RunIdentity& run) {
    archive("job", run.job);
    archive("run", run.run);
    archive("trigger", run.trigger);
    archive("host", run.host);
    archive("attempt", run.attempt);
    archive("fence", run.fence);
    archive("scheduled_at", run.scheduledAt);
    archive("started_at", run.startedAt);
}

/// What users get of a run, and what the history keeps of it.
template <class Archive>
void fields(Archive& archive, RunResult& result) {
    auto& [job, run, trigger, host, attempt, fence, scheduledAt, startedAt] = result.identity;
    archive("job", job);
    archive("run", run);
    archive("trigger", trigger);
    archive("outcome", result.report.outcome);
    archive.said("message", result.report.message);
    archive("scheduled_at", scheduledAt);
    archive("started_at", startedAt);
    archive("finished_at", result.finishedAt);
    archive("attempt", attempt);
    archive("host", host);
    archive.inside("fence", fence);
    archive.inside("faults", result.faults);
    moreFields(archive, result.report);
}

template <class Archive>
void fields(Archive& archive, RunRow& run) {
    archive("job", run.job);
    archive("run", run.id);
    archive("trigger", run.trigger);
    archive.orWord("outcome", run.outcome, "running");
    archive("message", run.message);
    archive("scheduled_at", run.scheduledAt);
    archive("started_at", run.startedAt);
    archive("finished_at", run.finishedAt);
    archive("attempt", run.attempt);
    archive("host", run.host);
}

template <class Archive>
void fields(Archive& archive, SlotRow& slot) {
    archive("job", slot.job);
    archive("slot", slot.slotAt);
    archive("trigger", slot.trigger);
    archive("end", slot.ending);
    std::string reason = textOf(slot.reason);
    archive("reason", reason);
    if constexpr (Archive::kReads) slot.reason = slotReasonOf(reason);
    archive.orNull("run", slot.run);
    archive("recorded_at", slot.recordedAt);
}

inline void writePublic(JsonWriter& json, const SlotRow& slot) {
    writeJson<JsonForm::Public>(json, slot);
}

}  // namespace carillon
