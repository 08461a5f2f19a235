#pragma once

#include "carillon/RunContext.h"
#include "schedule/ScheduleError.h"
#include "schedule/ZoneDatabase.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "Poco/AutoPtr.h"
#include "Poco/Channel.h"
#include "Poco/Logger.h"
#include "Poco/Message.h"

/// A run's context whose clock, stop request and hooks the test sets, and which keeps what the code under test says.
class FakeRunContext final : public carillon::RunContext {
public:
    class SettableClock final : public carillon::Clock {
    public:
        carillon::TimePoint now() const override { return _now; }
        void set(carillon::TimePoint now) { _now = now; }
        void advance(std::chrono::microseconds by) { _now += by; }

    private:
        carillon::TimePoint _now{};
    };

    using Deadline = std::optional<std::chrono::steady_clock::time_point>;

    explicit FakeRunContext(Deadline deadline = {})
        : _stop(_stopRequested, deadline),
          _channel(new LineKeeper(*this)),
          _log(Poco::Logger::create(uniqueName(), _channel, Poco::Message::PRIO_TRACE)) {
        using namespace std::chrono;
        _clock.set(sys_days(2026y / November / 22) + 10h + 30min);  // 11:30 in Paris
        _identity.run = "run-1";
    }
    ~FakeRunContext() override { Poco::Logger::destroy(_log.name()); }
    FakeRunContext(const FakeRunContext&) = delete;
    FakeRunContext& operator=(const FakeRunContext&) = delete;

    const carillon::RunIdentity& identity() const override { return _identity; }
    const carillon::Clock& clock() const override { return _clock; }
    const carillon::StopToken& stop() const override { return _stop; }
    Poco::Logger& log() override { return _log; }
    void conceal(const std::string& secret) override { concealed.push_back(secret); }
    std::shared_ptr<const carillon::Zone> zone(const std::string& name) const override {
        try {
            return carillon::findTimeZone(name);
        } catch (const carillon::ScheduleError& e) {
            throw Poco::NotFoundException(e.message());
        }
    }
    void progress(std::uint64_t, std::uint64_t, std::string_view what) override {
        if (onProgress) onProgress(std::string(what));
    }

    SettableClock& settableClock() { return _clock; }
    void requestStop() { _stopRequested = true; }
    void startRun(const std::string& name) { _identity.run = name; }

    std::vector<std::string> lines{};
    std::vector<std::string> concealed{};
    std::function<void(const std::string& what)> onProgress{};
    std::function<void(const std::string& line)> onLine{};

    bool logged(const std::string& part) const {
        for (const auto& line : lines)
            if (line.find(part) != std::string::npos) return true;
        return false;
    }

private:
    class FakeStop final : public carillon::StopToken {
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
            _context.lines.push_back(message.getText());
            if (_context.onLine) _context.onLine(message.getText());
        }

    private:
        FakeRunContext& _context;
    };

    static std::string uniqueName() {
        static std::atomic<int> counter{0};
        return "test.run" + std::to_string(++counter);
    }

    carillon::RunIdentity _identity{};
    SettableClock _clock{};
    std::atomic<bool> _stopRequested{false};
    FakeStop _stop;
    Poco::AutoPtr<Poco::Channel> _channel;
    Poco::Logger& _log;
};
