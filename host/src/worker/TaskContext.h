#pragma once

#include "carillon/RunContext.h"
#include "record/TaskMessage.h"

#include "Poco/Channel.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// What the host lends to a task, over whatever takes its output. Outlives the task.
class TaskContext final : public RunContext {
public:
    /// Borrows the flag and the output. A time limit of 0 is none; it begins now. Log lines above the level, a
    /// Poco::Message::Priority, are dropped.
    TaskContext(RunIdentity identity, const std::atomic<bool>& stopAsked, std::chrono::milliseconds timeout,
                int logLevel, TaskOutput& output);

    const RunIdentity& identity() const override { return _identity; }
    const Clock& clock() const override { return _clock; }
    const StopToken& stop() const override { return _stop; }
    Poco::Logger& log() override { return _log; }
    void progress(std::uint64_t done, std::uint64_t total, const Message& what) override;
    void conceal(const std::string& secret) override { _output.say(Secret{secret}); }
    std::shared_ptr<const Zone> zone(const std::string& name) const override;

private:
    /// Not one of Poco's registry, which forgets none: a run would leave its own there.
    class RunLogger : public Poco::Logger {
    public:
        RunLogger(Poco::Channel::Ptr channel, int level) : Poco::Logger("carillon.task", channel, level) {}
        ~RunLogger() override = default;
    };

    class RunStop final : public StopToken {
    public:
        RunStop(const std::atomic<bool>& asked, std::chrono::milliseconds timeout);

        bool isAsked() const override { return _asked.load(std::memory_order_relaxed); }
        std::chrono::milliseconds remaining() const override;

    private:
        const std::atomic<bool>& _asked;
        std::optional<std::chrono::steady_clock::time_point> _deadline;
    };

    RunIdentity _identity;
    RunStop _stop;
    SystemClock _clock;
    TaskOutput& _output;
    RunLogger _log;
    std::chrono::steady_clock::time_point _lastProgress{};
    double _mayProgress = 0;  // times, at once
};

}  // namespace carillon
