#pragma once

#include "carillon/Interface.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

namespace carillon {

/// An instant in UTC, in microseconds since 1970.
using TimePoint = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

/// Where a task and the host ask for the time, so that a test can set it. Safe from any thread.
class CARILLON_INTERFACE Clock {
public:
    virtual ~Clock() = default;
    virtual TimePoint now() const = 0;
};

class SystemClock final : public Clock {
public:
    TimePoint now() const override {
        return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
};

/// `2026-11-22T10:32:24.123Z`: RFC 3339 in UTC, milliseconds.
inline std::string toRfc3339(TimePoint at) {
    // Four digits of year, whatever a clock or a task says.
    constexpr TimePoint kLast = std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1} - std::chrono::microseconds(1);
    at = std::clamp<TimePoint>(at, std::chrono::sys_days{std::chrono::year{0} / 1 / 1}, kLast);
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::milliseconds>(at - day)};
    std::string text = "0000-00-00T00:00:00.000Z";
    const auto put = [&text](std::size_t first, std::size_t digits, std::int64_t value) {
        for (std::size_t i = first + digits; i-- > first; value /= 10) text[i] = static_cast<char>('0' + value % 10);
    };
    put(0, 4, static_cast<int>(date.year()));
    put(5, 2, static_cast<unsigned>(date.month()));
    put(8, 2, static_cast<unsigned>(date.day()));
    put(11, 2, time.hours().count());
    put(14, 2, time.minutes().count());
    put(17, 2, time.seconds().count());
    put(20, 3, time.subseconds().count());
    return text;
}

}  // namespace carillon
