#pragma once

namespace carillon {

/// Has the calls that other libraries make to the function `name` of a library that this one depends on come to `own`,
/// its function of the same name. Returns the function that they were for; null when there is none. Where all libraries
/// share their names, the calls come by themselves; where each has a table of what it uses, the tables of those that
/// are loaded by now are changed. To be called while the library is loaded, once for a name.
void* takeCalls(const char* name, void* own);

}  // namespace carillon
