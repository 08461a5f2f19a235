#pragma once

#include "carillon/Clock.h"

#include <chrono>
#include <string>

namespace carillon {

/// For people: `12 s`, `4 min 12 s`, `2 h 5 min`, `3 d 4 h`; rounded up to a second.
std::string spanText(std::chrono::microseconds span);

/// `12:05:00, in 4 min 12 s`; with the date when it is not today. The time of this machine's own zone.
std::string whenText(TimePoint at, TimePoint now);

}  // namespace carillon
