#pragma once

#include "calendar/OffTimes.h"
#include "schedule/words/ScheduleWords.h"

#include <cstddef>
#include <string>
#include <vector>

namespace carillon {

/// What days off and blackouts do to a schedule, a phrase each, as scheduleInWords() has it: "not on days off (public
/// holidays in France, site.ics)", "not during 12:00-14:00".
std::vector<std::string> offInWords(const OffTimes& off, Language language);

/// The days off from the day of `now` on, within a year, the first `most` of them: "Fri 2026-12-25 (Noël)". Weekends
/// are left out unless they have a name of their own.
std::vector<std::string> daysOffAhead(const OffTimes& off, TimePoint now, std::size_t most, Language language);

}  // namespace carillon
