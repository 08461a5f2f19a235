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

private:
    friend class SeatTaken;

    std::mutex _mutex;
    TaskSeat* _seat = nullptr;
    std::string _stopReason;
};

/// While it lives, requests to stop the run reach that seat, and never a later run of it. Not taken when the run is to
/// stop already: it must not begin.
class SeatTaken {
public:
    SeatTaken(RunHandle& handle, TaskSeat& seat) : _handle(handle) {
        const std::lock_guard lock(_handle._mutex);
        _why = _handle._stopReason;
        if (_why.empty()) _handle._seat = &seat;
    }
    SeatTaken(const SeatTaken&) = delete;
    SeatTaken& operator=(const SeatTaken&) = delete;
    ~SeatTaken() {
        const std::lock_guard lock(_handle._mutex);
        _handle._seat = nullptr;
    }

    /// Why the run must not begin; empty: the seat is taken.
    const std::string& why() const { return _why; }

private:
    RunHandle& _handle;
    std::string _why;
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
