#pragma once

#include "carillon/Clock.h"

#include <atomic>
#include <chrono>

/// Stands still, at the midnight before 22 November 2026 UTC, until the test moves it. Safe from any thread.
class SettableClock final : public carillon::Clock {
public:
    carillon::TimePoint now() const override { return _now.load(); }
    void advance(std::chrono::microseconds by) { _now = _now.load() + by; }
    void set(carillon::TimePoint now) { _now = now; }

private:
    std::atomic<carillon::TimePoint> _now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
};
