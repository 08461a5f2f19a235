#pragma once

#include <chrono>
#include <string>

#include "Poco/DateTimeFormatter.h"
#include "Poco/Timestamp.h"

/// `YYYY-MM-DD HH:MM:SS` of UTC.
inline std::string utcTextOf(std::chrono::sys_seconds at) {
    return Poco::DateTimeFormatter::format(Poco::Timestamp::fromEpochTime(at.time_since_epoch().count()),
                                           "%Y-%m-%d %H:%M:%S");
}

/// What the clocks of Paris show, by the law alone: summer time from the last Sunday of March to that of October, from
/// one o'clock UTC on.
inline std::string parisTextOf(std::chrono::sys_seconds at) {
    using namespace std::chrono;
    const year inYear = year_month_day(floor<days>(at)).year();
    const auto begin = sys_days(inYear / March / Sunday[last]) + 1h;
    const auto end = sys_days(inYear / October / Sunday[last]) + 1h;
    return utcTextOf(at + (at >= begin && at < end ? 2h : 1h));
}
