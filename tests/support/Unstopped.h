#pragma once

#include "carillon/RunContext.h"

#include <chrono>

/// Of a run that nobody stops.
class Unstopped final : public carillon::StopToken {
public:
    bool isAsked() const override { return false; }
    std::chrono::milliseconds remaining() const override { return std::chrono::hours(1); }
};
