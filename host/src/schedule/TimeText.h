#pragma once

#include "carillon/Clock.h"

#include <chrono>
#include <string>

namespace carillon {

/// For people: `12 s`, `4 min 12 s`, `2 h 5 min`, `3 d 4 h`; rounded up to a second.
std::string spanText(std::chrono::microseconds span);

/// The zone of all times that this process shows; the system's own before. Throws ScheduleError where there is no such
/// zone.
void setShownZone(const std::string& name);

/// `2026-11-30 12:05:00 +01:00`
std::string dateTimeText(TimePoint at);

/// `12:05:00 +01:00, in 4 min 12 s`; with the date when it is not today.
std::string whenText(TimePoint at, TimePoint now);

}  // namespace carillon
