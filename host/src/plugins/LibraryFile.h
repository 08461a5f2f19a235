#pragma once

#include "shared/TrustedPath.h"

#include <string>

namespace carillon {

/// A library that this process has loaded, for ever.
struct LoadedLibrary {
    void* handle = nullptr;  ///< Of dlopen(); never closed. Null: it could not be loaded.
    std::string name{};      ///< By which dlopen() returns this library again, without a look at any file.
    std::string problem{};   ///< What the system said, without a path.
};

/// The plugin at `path`, open for reading. Throws Poco::LibraryLoadException with a sentence when there is none, or
/// when it, its folder or what leads there is not trusted: whoever may write there runs code as the host.
TrustedPath openLibraryFile(const std::string& path);

/// Loads what is open as `file`, whatever stands at `path` by now, with all its symbols resolved. Without /proc the
/// file is opened again by `path`, of which only root and this user can make another one since it was judged.
/// The library is known by the name of a descriptor: one that looks for files beside itself ($ORIGIN) finds none.
/// Any thread.
LoadedLibrary loadLibraryFile(const TrustedPath& file, const std::string& path);

}  // namespace carillon
