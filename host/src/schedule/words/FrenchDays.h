#pragma once

#include "schedule/words/FieldSense.h"

#include <string>

namespace carillon {

/// After the name of a thing that H stands for.
inline constexpr const char* kFrenchByName = " par le nom de la tâche";

/// In which months, beside a time of day, with the blank or comma before it; empty for all.
std::string frenchMonths(const FieldSense& months);
/// On which days, months included; empty when any day of the month and of the week will do.
std::string frenchDays(const DaySense& days);

}  // namespace carillon
