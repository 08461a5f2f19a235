#pragma once

#include "schedule/words/FieldSense.h"

#include <string>

namespace carillon {

/// After the name of a thing that H stands for.
inline constexpr const char* kEnglishByName = " set by the job's name";

/// "1st", "22nd"
std::string englishOrdinal(int value);
/// In which months, beside a time of day, with the blank or comma before it; empty for all.
std::string englishMonths(const FieldSense& months);
/// On which days, months included; empty when any day of the month and of the week will do.
std::string englishDays(const DaySense& days);

}  // namespace carillon
