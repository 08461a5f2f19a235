#pragma once

#include "base/ConfigSource.h"
#include "base/Fields.h"
#include "record/Kept.h"
#include "record/Pause.h"
#include "record/Run.h"
#include "record/TaskMessage.h"
#include "record/Words.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// What a host says of itself and of what it was asked to do. Plain data.
namespace carillon {

/// How its scheduler stands.
struct SchedulerState {
    bool draining = false;
    Message storeProblem{};  ///< Empty: the store works.
    TimePoint storeFailedSince{};
    std::vector<Message> lostLocks{};  ///< Of runs in progress, a sentence each.
    /// Slots up to then have had their turn; the clock was set back when that is still to come.
    TimePoint seenUntil{};
    std::size_t jobs = 0;
    std::size_t enabled = 0;
    std::size_t paused = 0;
    std::size_t faulty = 0;
    std::size_t running = 0;
    std::size_t waiting = 0;  ///< Due or asked for, and not begun.
};

/// How one job stands.
struct JobState {
    std::string job{};
    std::string title{};
    JobPhase phase = JobPhase::Idle;
    bool enabled = false;
    TimePoint next = kNever;       ///< The next slot; of one that is paused or disabled none.
    TimePoint retryAt = kNever;    ///< When its failed slot is tried again.
    std::string run{};             ///< The oldest run in progress.
    std::optional<Pause> pause{};  ///< Also while a run goes on.
    std::string off{};             ///< Why its slots do not fire now: a day off, a blackout; empty: they do.
    std::string stopping{};        ///< Why that was asked to end, such as "stopped by anna"; empty: it was not.
};

/// Who the host is and how it stands.
struct HostState {
    HostPhase phase = HostPhase::Ready;
    std::string host{};
    std::string version{};
    std::string config{};
    std::string http{};  ///< Where it answers browsers: `http://127.0.0.1:8620`; empty: nowhere.
    int pid = 0;
    TimePoint since{};
    std::size_t workersMax = 0;
    std::vector<Message> problems{};  ///< What needs a person, a sentence each.
    SchedulerState scheduler{};
    std::optional<Kept> kept{};  ///< Of all jobs; nothing: it has not looked yet, or it is not for these eyes.
};

/// What was asked to end.
struct StopResult {
    std::vector<RunIdentity> runs{};     ///< In progress: their tasks are asked to end, and are ended after a grace.
    std::vector<std::string> ended{};    ///< Of these runs those that had been asked before: they are ended at once.
    std::size_t withdrawn = 0;           ///< Runs that were asked for and had not begun.
    std::vector<std::string> retries{};  ///< Jobs whose failed slot is not tried again.
    std::vector<std::string> skipped{};  ///< Jobs of which slots were due and had not begun: they are skipped.

    bool empty() const { return runs.empty() && withdrawn == 0 && retries.empty() && skipped.empty(); }
};

/// What a reload did.
struct ReloadResult {
    bool swapped = false;
    std::vector<std::string> difference{};  ///< A line a thing that is another now, or would be.
    std::vector<ConfigFault> faults{};      ///< Why it was not swapped, or of what was left out.
    std::vector<ConfigFault> warnings{};    ///< Of the new configuration: right but hardly meant.
    Message reason{};                       ///< Why it was not swapped; empty: it was.
};

template <class Archive>
void fields(Archive& archive, SchedulerState& state) {
    archive("jobs", state.jobs);
    archive("enabled", state.enabled);
    archive("paused", state.paused);
    archive("faulty", state.faulty);
    archive("running", state.running);
    archive("waiting", state.waiting);
}

template <class Archive>
void fields(Archive& archive, JobState& state) {
    archive("job", state.job);
    archive("title", state.title);
    archive("state", state.phase);
    archive("enabled", state.enabled);
    archive("next", state.next);
    archive("retry_at", state.retryAt);
    archive.orNull("run", state.run);
    archive.orNull("off_reason", state.off);
    archive.orNull("stopping", state.stopping);
    archive("pause", state.pause);
}

/// Not everybody is told the process, the file and the address: who may not gets a state without them.
template <class Archive>
void fields(Archive& archive, HostState& state) {
    archive("state", state.phase);
    archive("host", state.host);
    archive.ifAny("pid", state.pid);
    archive("since", state.since);
    archive("version", state.version);
    archive.ifAny("config", state.config);
    archive.ifAny("http", state.http);
    archive("workers", state.workersMax);
    archive("counts", state.scheduler);
    archive.said("problems", state.problems);
    archive("kept", state.kept);
}

template <class Archive>
void fields(Archive& archive, StopResult& result) {
    archive("runs", result.runs);
    archive("ended", result.ended);
    archive("withdrawn", result.withdrawn);
    archive("retries", result.retries);
    archive("skipped", result.skipped);
}

template <class Archive>
void fields(Archive& archive, ReloadResult& result) {
    archive("swapped", result.swapped);
    archive.said("reason", result.reason);
    archive("difference", result.difference);
    archive("faults", result.faults);
    archive("warnings", result.warnings);
}

}  // namespace carillon
