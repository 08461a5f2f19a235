#pragma once

#include "config/JobFile.h"
#include "runner/RunTicket.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace carillon {

/// A run that somebody asks a host for, now and beside the schedule. Exactly one of onBusy, onRefused and onEnd is
/// called, once, on a thread of the host.
struct RunRequest {
    std::string job{};
    Overrides overrides{};
    WorkerRequest::Verb verb = WorkerRequest::Verb::Run;  ///< Run or Replay.
    ReplayRequest replay{};
    std::string trigger = "cli";
    std::chrono::milliseconds timeout{0};  ///< 0: the job's own.
    bool wait = false;                     ///< Queue behind a run in progress instead of being refused.
    RunFollower follower{};
    std::function<void(const RunIdentity&)> onClaimed{};  ///< Before onEnd, at once; may be empty.
    std::function<void(const Holder&)> onBusy{};
    std::function<void(const std::string& why, const std::vector<ConfigFault>& faults)> onRefused{};
    std::function<void(const RunResult&)> onEnd{};
    std::shared_ptr<RunHandle> handle = std::make_shared<RunHandle>();  ///< To stop it, also while it waits.
    TimePoint askedAt{};
    std::chrono::steady_clock::time_point waitsSince{};  ///< The same moment, for spans.
};

/// What was asked to end. Plain data.
struct StopResult {
    std::vector<RunIdentity> runs{};     ///< In progress: their tasks are asked to end, and are ended after a grace.
    std::vector<std::string> ended{};    ///< Of these runs those that had been asked before: they are ended at once.
    std::size_t withdrawn = 0;           ///< Runs that were asked for and had not begun.
    std::vector<std::string> retries{};  ///< Jobs whose failed slot is not tried again.
    std::vector<std::string> skipped{};  ///< Jobs of which slots were due and had not begun: they are skipped.

    bool empty() const { return runs.empty() && withdrawn == 0 && retries.empty() && skipped.empty(); }
};

}  // namespace carillon
