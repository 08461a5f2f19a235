#pragma once

#include "config/Configuration.h"
#include "runner/RunReporter.h"
#include "runner/TaskSeat.h"
#include "runner/WorkerRequest.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace carillon {

/// The way to a run from outside, whether it waits for a seat, has one, or is over. Safe from any thread.
class RunHandle {
public:
    /// Asks the run to stop; a second request ends its process at once. One that has not begun does not begin.
    void requestStop(const std::string& why) {
        const std::lock_guard lock(_mutex);
        _stopReason = why;
        if (_seat != nullptr) _seat->requestStop(why);
    }

    /// Empty: nobody asked.
    std::string stopReason() {
        const std::lock_guard lock(_mutex);
        return _stopReason;
    }

    /// Between these two the run has that seat. False: it is to stop and must not begin; `why` says so.
    bool take(TaskSeat& seat, std::string& why) {
        const std::lock_guard lock(_mutex);
        why = _stopReason;
        if (why.empty()) _seat = &seat;
        return why.empty();
    }
    void leave() {
        const std::lock_guard lock(_mutex);
        _seat = nullptr;
    }

private:
    std::mutex _mutex;
    TaskSeat* _seat = nullptr;
    std::string _stopReason;
};

/// A run that is claimed and needs a seat.
struct RunTicket {
    Claim claim{};
    bool exclusive = true;  ///< It holds the job's lock.
    std::shared_ptr<const Configuration> configuration{};
    JobRef job{};
    Overrides overrides{};
    WorkerRequest::Verb verb = WorkerRequest::Verb::Run;
    std::vector<std::int64_t> ids{};
    std::chrono::milliseconds timeout{0};  ///< 0: none.
    RunFollower follower{};
    std::function<void(const RunResult&)> onEnd{};  ///< After it is recorded, or could not be; may be empty.
    std::shared_ptr<RunHandle> handle = std::make_shared<RunHandle>();
};

}  // namespace carillon
