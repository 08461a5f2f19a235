#pragma once

#include "carillon/Clock.h"

#include <string>

namespace carillon {

/// For people: `today 14:05:00`, or with the date on another day; the time of this machine's clock on the wall.
std::string whenText(TimePoint at);

/// `12 s ago`, `3 min ago`, `5 h ago`, `2 d ago`.
std::string agoText(TimePoint at);

/// Reads what toRfc3339 wrote. Throws Poco::SyntaxException.
TimePoint timeFromRfc3339(const std::string& text);

}  // namespace carillon
