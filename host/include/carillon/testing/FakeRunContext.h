#pragma once

#include "carillon/RunContext.h"

#include "Poco/AutoPtr.h"
#include "Poco/Channel.h"
#include "Poco/Logger.h"
#include "Poco/Message.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon::testing {

/// Stands still until it is told otherwise: 22 November 2026, 10:30 UTC, at first. For one thread at a time.
class SettableClock final : public Clock {
public:
    TimePoint now() const override { return _now; }
    void set(TimePoint now) { _now = now; }
    void advance(std::chrono::microseconds by) { _now += by; }

private:
    TimePoint _now = std::chrono::sys_days{std::chrono::year{2026} / std::chrono::November / 22} +
                     std::chrono::hours{10} + std::chrono::minutes{30};
};

/// A run's context whose clock, stop request and hooks a test sets, and which keeps what the task says. What it keeps
/// is for the test to read once the task has returned.
class FakeRunContext final : public RunContext {
public:
    struct Progress {
        std::uint64_t done = 0;
        std::uint64_t total = 0;
        std::string what{};
    };

    /// None: the run may take as long as it wants.
    using Deadline = std::optional<std::chrono::steady_clock::time_point>;

    explicit FakeRunContext(Deadline deadline = {}) : _stop(_stopRequested, deadline), _log(*this) {
        _identity.run = "run-1";
    }
    FakeRunContext(const FakeRunContext&) = delete;
    FakeRunContext& operator=(const FakeRunContext&) = delete;

    const RunIdentity& identity() const override { return _identity; }
    const Clock& clock() const override { return _clock; }
    const StopToken& stop() const override { return _stop; }
    Poco::Logger& log() override { return _log; }
    void progress(std::uint64_t done, std::uint64_t total, const Message& what) override {
        steps.push_back({done, total, std::string(what)});
        if (onProgress) onProgress(steps.back().what);
    }
    void conceal(const std::string& secret) override { concealed.push_back(secret); }
    /// The zones of this machine, as a host reads them.
    std::shared_ptr<const Zone> zone(const std::string& name) const override;

    SettableClock& settableClock() { return _clock; }
    RunIdentity& settableIdentity() { return _identity; }
    /// From any thread.
    void requestStop() { _stopRequested = true; }

    std::vector<std::string> lines{};  ///< The log's, without time, level and run.
    std::vector<Progress> steps{};
    std::vector<std::string> concealed{};  ///< By conceal(): what the configuration's reader conceals is not among it.

    /// Called in the thread that says it.
    std::function<void(const std::string& what)> onProgress{};
    std::function<void(const std::string& line)> onLine{};

    bool logged(std::string_view part) const {
        for (const auto& line : lines)
            if (line.find(part) != std::string::npos) return true;
        return false;
    }

private:
    class FakeStop final : public StopToken {
    public:
        FakeStop(const std::atomic<bool>& asked, Deadline deadline) : _asked(asked), _deadline(deadline) {}
        bool isAsked() const override { return _asked; }
        std::chrono::milliseconds remaining() const override {
            using std::chrono::milliseconds;
            if (!_deadline) return std::chrono::hours(1);
            const auto left = *_deadline - std::chrono::steady_clock::now();
            return std::max(std::chrono::ceil<milliseconds>(left), milliseconds::zero());
        }

    private:
        const std::atomic<bool>& _asked;
        Deadline _deadline;
    };

    class LineKeeper final : public Poco::Channel {
    public:
        explicit LineKeeper(FakeRunContext& context) : _context(context) {}
        void log(const Poco::Message& message) override {
            const std::lock_guard lock(_context._logging);
            _context.lines.push_back(message.getText());
            if (_context.onLine) _context.onLine(message.getText());
        }

    private:
        FakeRunContext& _context;
    };

    /// Not one of Poco's registry, which forgets none.
    class RunLogger final : public Poco::Logger {
    public:
        explicit RunLogger(FakeRunContext& context)
            : Poco::Logger("carillon.task", Poco::AutoPtr<Poco::Channel>(new LineKeeper(context)),
                           Poco::Message::PRIO_TRACE) {}
        ~RunLogger() override = default;
    };

    RunIdentity _identity{};
    SettableClock _clock{};
    std::atomic<bool> _stopRequested{false};
    FakeStop _stop;
    std::recursive_mutex _logging{};  // a hook may log
    RunLogger _log;
};

}  // namespace carillon::testing
