#pragma once

#include "schedule/Schedule.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

/// `2026-03-29T01:00:00Z`, with or without a fraction.
inline carillon::TimePoint instant(const std::string& text) {
    using namespace std::chrono;
    int fields[6] = {};
    int length = 0;
    double fraction = 0;
    if (std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d%n", &fields[0], &fields[1], &fields[2], &fields[3], &fields[4],
                    &fields[5], &length) != 6 ||
        text.back() != 'Z')
        throw std::invalid_argument(text);
    if (text[static_cast<std::size_t>(length)] == '.') fraction = std::strtod(text.c_str() + length, nullptr);
    const sys_days day = year(fields[0]) / fields[1] / fields[2];
    return day + hours(fields[3]) + minutes(fields[4]) + seconds(fields[5]) + milliseconds(std::lround(fraction * 1e3));
}

/// The local time of the schedule's zone, without its offset.
inline std::string localText(const carillon::Schedule& schedule, carillon::TimePoint at) {
    const auto second = std::chrono::floor<std::chrono::seconds>(at);
    std::string text = carillon::toRfc3339(second + schedule.zone().periodAt(second).offset);
    return text.replace(10, 1, " ").substr(0, 19);
}

inline std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) all += (all.empty() ? "" : ", ") + text;
    return all;
}
