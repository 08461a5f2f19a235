#include "platform/SystemPlaces.h"

namespace carillon {

std::string machineConfigurationFolder() {
    return "/etc/carillon";
}

std::string zoneFolder() {
    return "/usr/share/zoneinfo";
}

std::string localZoneFile() {
    return "/etc/localtime";
}

std::string localZoneName() {
    return "";
}

}  // namespace carillon
