#pragma once

#include "carillon/Interface.h"

#include <chrono>
#include <string>

namespace carillon {

/// One zone of the machine's time-zone database, as the host's own schedules read it. Immutable, safe from any thread.
class CARILLON_INTERFACE Zone {
public:
    virtual ~Zone() = default;

    virtual const std::string& name() const = 0;
    /// What the zone's clocks show at that instant.
    virtual std::chrono::local_seconds toLocal(std::chrono::sys_seconds at) const = 0;
    /// When they show it: where that comes twice, the first time; where it never comes, the end of the gap.
    virtual std::chrono::sys_seconds toUtc(std::chrono::local_seconds local) const = 0;
};

}  // namespace carillon
