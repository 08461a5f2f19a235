#include "config/ZoneKey.h"

#include "schedule/ScheduleError.h"
#include "schedule/ZoneDatabase.h"
#include "words/HostTexts.h"

namespace carillon {

std::string readZone(ConfigReader& in, const char* key, const std::string& fallback) {
    std::string zone = in.name(key, fallback);
    try {
        findTimeZone(zone);
        return zone;
    } catch (const ScheduleError& e) {
        in.fault(key, sayHost("fault.refused", {{"why", e.said()}}));
        return fallback;
    }
}

}  // namespace carillon
