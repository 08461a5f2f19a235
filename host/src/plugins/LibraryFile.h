#pragma once

#include "platform/FileRights.h"

#include <string>

namespace carillon {

/// The plugin at `path`, open for reading. Throws Poco::LibraryLoadException with a sentence when there is none, or
/// when it, its folder or what leads there is not trusted: whoever may write there runs code as the host.
TrustedPath openLibraryFile(const std::string& path);

}  // namespace carillon
