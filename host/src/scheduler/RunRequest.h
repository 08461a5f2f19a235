#pragma once

#include "config/JobFile.h"
#include "record/Activity.h"
#include "record/HostState.h"
#include "runner/RunTicket.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace carillon {

/// A run that somebody asks a host for, now and beside the schedule. Exactly one of onBusy, onRefused, onSlotHasRun and
/// onEnd is called, once, on a thread of the host.
struct RunRequest {
    std::string job{};
    Overrides overrides{};
    WorkerRequest::Verb verb = WorkerRequest::Verb::Run;  ///< Run, Replay or Dismiss.
    ReplayRequest replay{};
    DismissRequest dismissal{};
    Trigger trigger = Trigger::Cli;
    TimePoint slot{};                      ///< The due time of the past that it is for; 1970: none.
    Actor actor{};                         ///< Who asks.
    std::chrono::milliseconds timeout{0};  ///< 0: the job's own.
    bool wait = false;                     ///< Queue behind a run in progress instead of being refused.
    RunFollower follower{};
    std::function<void(const RunIdentity&)> onClaimed{};  ///< Before onEnd, at once; may be empty.
    std::function<void(const Holder&)> onBusy{};
    std::function<void(const std::string& why, const std::vector<ConfigFault>& faults)> onRefused{};
    std::function<void(const std::string& run)> onSlotHasRun{};  ///< With a slot: see store/Claims.h, SlotHasRun.
    std::function<void(const RunResult&)> onEnd{};
    std::shared_ptr<RunHandle> handle = std::make_shared<RunHandle>();  ///< To stop it, also while it waits.
    TimePoint askedAt{};
    std::chrono::steady_clock::time_point waitsSince{};  ///< The same moment, for spans.
};

/// What of it travels: all but who is called back, and who asks but for what sudo tells of that.
template <class Archive>
void fields(Archive& archive, RunRequest& request) {
    archive("verb", request.verb);
    archive("job", request.job);
    archive("set", request.overrides);
    archive("replay", request.replay);
    archive("dismissal", request.dismissal);
    archive("trigger", request.trigger);
    archive("slot", request.slot);
    archive("timeout_ms", request.timeout);
    archive("wait", request.wait);
    archive.ifAny("by", request.actor.behind);
}

}  // namespace carillon
