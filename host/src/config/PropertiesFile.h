#pragma once

#include "base/ConfigSource.h"

#include <string>
#include <vector>

namespace carillon {

/// Reads a Poco properties file with the line of each key; ${system.env.NAME} and ${application.configDir} expand.
/// A line without `=` and a key given twice are faults; what could be read is returned. A file that cannot be read or
/// is not UTF-8 is one fault, and nothing is returned. What is right but hardly meant is a warning.
ConfigSource loadPropertiesFile(const std::string& path, const std::string& configDir, std::vector<ConfigFault>& faults,
                                std::vector<ConfigFault>& warnings);

}  // namespace carillon
