#pragma once

#include "http/HttpResponse.h"
#include "scheduler/RunRequest.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace carillon {

/// A run that was asked for and has not begun. Any thread; the ask keeps it alive.
class PendingRun : public std::enable_shared_from_this<PendingRun> {
public:
    /// How long to wait for a free worker, and for that and the end of the run in progress.
    static constexpr std::chrono::seconds kAtOnce{10};
    static constexpr std::chrono::seconds kQueued{60};

    /// Has the ask answer here.
    void connect(RunRequest& ask);

    /// Nothing: it has begun. Else why not; after the patience the ask is withdrawn.
    std::optional<HttpResponse> wait(std::chrono::milliseconds patience);

    /// Once it has begun.
    const std::string& run() const { return _run; }

private:
    void settle(std::string run, std::optional<HttpResponse> refusal);

    std::shared_ptr<RunHandle> _handle{};
    std::mutex _mutex;  // of all below
    std::condition_variable _settled;
    bool _isSettled = false;
    std::string _run{};
    std::optional<HttpResponse> _refusal{};
};

}  // namespace carillon
