#pragma once

#include "carillon/ConfigReader.h"

#include <string>
#include <vector>

namespace carillon {

/// Reads a Poco properties file with the line of each key; ${system.env.NAME} and ${application.configDir} expand.
/// A file that cannot be read, a line without `=` and a key given twice are faults; what could be read is returned.
ConfigSource loadPropertiesFile(const std::string& path, const std::string& configDir,
                                std::vector<ConfigFault>& faults);

}  // namespace carillon
