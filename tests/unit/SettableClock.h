#pragma once

#include "carillon/Clock.h"

#include <chrono>

/// Stands still, at the midnight before 22 November 2026 UTC, until the test moves it. One thread.
class SettableClock final : public carillon::Clock {
public:
    carillon::TimePoint now() const override { return _now; }
    void advance(std::chrono::microseconds by) { _now += by; }

private:
    carillon::TimePoint _now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};
};
