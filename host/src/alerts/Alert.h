#pragma once

#include "carillon/Clock.h"
#include "config/AlertKind.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// Why nothing ran for a slot: the message of Missed. Stored.
inline constexpr std::string_view kLateWaits = "waits";      ///< It is due, and nothing has begun.
inline constexpr std::string_view kLateFaulty = "faulty";    ///< Its configuration has faults.
inline constexpr std::string_view kLateChanged = "changed";  ///< It was due when its schedule was changed.
inline constexpr std::string_view kLateUnseen = "unseen";    ///< Its time passed while nothing could fire.
inline constexpr std::string_view kLateBegun = "begun";      ///< Its run began too late.
inline constexpr std::string_view kLateOverlap = "overlap";  ///< A run went on for too long.
inline constexpr std::string_view kLateQueue = "queue";      ///< Too many waited before it.

/// One thing that people are told, as facts: the words are found when it is sent. Plain data; holds no secret.
struct Alert {
    AlertKind kind = AlertKind::Failed;
    std::string job{};  ///< Host: empty.
    std::string title{};
    std::string host{};   ///< That decided it.
    std::string event{};  ///< The run or the slot that it is about: one event is told once.
    TimePoint at{};       ///< When it happened.
    std::string run{};
    std::string message{};             ///< Of that run; of Missed: one of kLate…; of Host: what is wrong with it.
    std::int64_t count = 0;            ///< Failures in a row, slots, rejects or items left. Host: 0: it is over.
    std::int64_t before = 0;           ///< Backlog: items that were left before it grew.
    std::optional<TimePoint> since{};  ///< Failed, Recovered, Backlog, Host: since when. Missed: the first slot.
    std::optional<TimePoint> lastSuccess{};  ///< Of the job.

    bool operator==(const Alert&) const = default;
};

/// On one line.
std::string alertJson(const Alert& alert);
/// Throws Poco::DataFormatException.
Alert alertFromJson(std::string_view json);
/// What cannot be read, having been written by another version, is an alert that says so.
Alert readAlert(std::string_view json, const std::string& job);

/// 32 hex digits, the same for the same text wherever it is made: an id.
std::string alertHash(const std::string& text);

}  // namespace carillon
