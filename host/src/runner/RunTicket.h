#pragma once

#include "config/Configuration.h"
#include "runner/RunReporter.h"
#include "words/HostTexts.h"
#include "worker/TaskSeat.h"
#include "worker/WorkerRequest.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace carillon {

/// The way to a run from outside, whether it waits for a seat, has one, or is over. Safe from any thread.
class RunHandle {
public:
    /// Asks the run to stop; a second request ends its process at once. One that has not begun does not begin.
    void requestStop(const Message& why) {
        const std::lock_guard lock(_mutex);
        stop(why);
    }

    /// The same for a person or a program of that name, who wants this very run to end: it ends as Outcome::Stopped.
    void requestStopBy(const std::string& who) {
        const std::lock_guard lock(_mutex);
        if (_stoppedBy.empty()) _stoppedBy = who;
        stop(sayHost("run.stoppedby", {{"by", _stoppedBy}}));
    }

    /// Empty: nobody asked.
    Message stopReason() {
        const std::lock_guard lock(_mutex);
        return _stopReason;
    }

    /// Who was the first to have it stopped; empty: nobody.
    std::string stoppedBy() {
        const std::lock_guard lock(_mutex);
        return _stoppedBy;
    }

private:
    friend class SeatTaken;

    void stop(const Message& why) {
        _stopReason = why;
        if (_seat != nullptr) _seat->requestStop(why);
    }

    std::mutex _mutex;
    TaskSeat* _seat = nullptr;
    Message _stopReason;
    std::string _stoppedBy;
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
    const Message& why() const { return _why; }

private:
    RunHandle& _handle;
    Message _why;
};

/// The claim of a run: a seat prepares the task while the store is still asked whether it may run. Safe from any
/// thread.
class PendingClaim {
public:
    PendingClaim() = default;
    explicit PendingClaim(Claim claim) { grant(std::move(claim)); }

    void grant(Claim claim) { settle(std::move(claim)); }
    /// The task must not run.
    void refuse() { settle(std::nullopt); }

    bool isRefused() const { return _settled.load(std::memory_order_acquire) && !_claim; }

    /// Waits for the answer. Null: it was refused. The claim stays as it is from then on.
    const Claim* wait() {
        std::unique_lock lock(_mutex);
        _changed.wait(lock, [this] { return _settled.load(std::memory_order_relaxed); });
        return _claim ? &*_claim : nullptr;
    }

private:
    void settle(std::optional<Claim> claim) {
        {
            const std::lock_guard lock(_mutex);
            _claim = std::move(claim);
            _settled.store(true, std::memory_order_release);
        }
        _changed.notify_all();
    }

    std::mutex _mutex;
    std::condition_variable _changed;
    std::atomic<bool> _settled{false};
    std::optional<Claim> _claim;
};

/// A run that needs a seat.
struct RunTicket {
    std::shared_ptr<PendingClaim> claim = std::make_shared<PendingClaim>();
    bool exclusive = true;  ///< It holds the job's lock.
    bool isBrief = true;    ///< See RunRoster::take().
    std::shared_ptr<const Configuration> configuration{};
    JobRef job{};
    Overrides overrides{};
    WorkerRequest::Verb verb = WorkerRequest::Verb::Run;
    ReplayRequest replay{};
    DismissRequest dismissal{};
    std::chrono::milliseconds timeout{0};  ///< 0: none.
    RunFollower follower{};
    std::function<void(const RunResult&)> onEnd{};  ///< After it is recorded, or could not be; may be empty.
    std::shared_ptr<RunHandle> handle = std::make_shared<RunHandle>();
};

}  // namespace carillon
