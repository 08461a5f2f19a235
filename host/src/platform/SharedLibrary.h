#pragma once

#include "platform/OpenFile.h"

#include <string>

namespace carillon {

/// A library that this process has loaded, for ever.
struct LoadedLibrary {
    void* handle = nullptr;  ///< Of the system; never closed. Null: it could not be loaded.
    std::string name{};      ///< By which the system, and Poco, return this library again, without a look at any file.
    std::string problem{};   ///< What the system said, without a path.
};

/// Loads what is open as `file`, whatever stands at `path` by now, with all its symbols resolved. Where the system
/// loads by path alone, the file is opened again, of which only the administrator and this user can make another one
/// since it was judged; a file that was replaced since it was loaded is then the old library. The library may be known
/// by another name than its path: one that looks for files beside itself finds none. Any thread.
LoadedLibrary loadLibrary(const OpenFile& file, const std::string& path);

/// A function of a loaded library; null when it has none of that name.
void* symbolOf(const LoadedLibrary& library, const char* name);

}  // namespace carillon
