#pragma once

#include "platform/SharedLibrary.h"

#include <string>

namespace carillon {

/// By a name that stands for `path`; what the system says against it names the path, or nothing.
LoadedLibrary loadByName(const std::string& name, const std::string& path);

}  // namespace carillon
