#pragma once

#include "carillon/ConfigReader.h"

#include <string>

namespace carillon {

/// The name of a time zone, as findTimeZone() takes it; the fallback where the key is not given. A zone that there is
/// not is a fault in the reader.
std::string readZone(ConfigReader& in, const char* key, const std::string& fallback);

}  // namespace carillon
