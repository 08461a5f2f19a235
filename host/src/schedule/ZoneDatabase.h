#pragma once

#include "schedule/TimeZone.h"

#include <memory>
#include <string>
#include <vector>

namespace carillon {

/// The zone of that name, such as Europe/Paris, below $TZDIR or /usr/share/zoneinfo; empty: the system's own ($TZ,
/// /etc/localtime, else UTC). Reads the file of that one zone, once in the life of the process. Safe from any thread.
/// Throws ScheduleError, with the nearest name when there is no zone of this one.
std::shared_ptr<const TimeZone> findTimeZone(const std::string& name);

/// The names of all zones there are, sorted.
std::vector<std::string> listTimeZones();

}  // namespace carillon
