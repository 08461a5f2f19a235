#pragma once

#include <string>

namespace carillon {

/// The folder for the configuration of the whole machine: /etc/carillon.
std::string machineConfigurationFolder();

/// The time-zone database of the system: a folder of files in the format TZif, one a zone.
std::string zoneFolder();

/// The file, a link into that database, that tells the zone of the machine; empty: there is none.
std::string localZoneFile();

/// What the system calls the zone of the machine where it has no such file, such as Romance Standard Time; else empty.
std::string localZoneName();

}  // namespace carillon
