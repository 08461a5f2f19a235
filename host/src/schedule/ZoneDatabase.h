#pragma once

#include "schedule/TimeZone.h"

#include <memory>
#include <string>
#include <vector>

namespace carillon {

/// The zone of that name, such as Europe/Paris or, as Windows has it, Romance Standard Time, below $TZDIR or
/// zoneFolder(); empty: the system's own ($TZ, that of the machine, else UTC). Reads the file of that one zone, once in
/// the life of the process. Safe from any thread. Throws ScheduleError, with the nearest name when there is no zone of
/// this one.
std::shared_ptr<const TimeZone> findTimeZone(const std::string& name);

/// The names of all zones there are, sorted.
std::vector<std::string> listTimeZones();

}  // namespace carillon
