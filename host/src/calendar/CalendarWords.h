#pragma once

#include "calendar/OffDates.h"
#include "calendar/OffTimes.h"
#include "schedule/words/ScheduleWords.h"

#include <string>
#include <vector>

namespace carillon {

/// What days off and blackouts do to a schedule, a phrase each, as scheduleInWords() has it: "not on days off (public
/// holidays in France, site.ics)", "not during 12:00-14:00".
std::vector<std::string> offInWords(const OffTimes& off, Language language);

/// "Fri 2026-12-25 (Noël), moved to Mon 2026-12-28"
std::string dayOffInWords(const OffDate& date, const TimeZone& zone, Language language);
/// "Thu 2026-12-03 12:00 to 14:00", "Sat 2026-12-05 22:00 to Sun 2026-12-06 06:00 (travaux)"
std::string blackoutInWords(const OffDate& date, const TimeZone& zone, Language language);

}  // namespace carillon
