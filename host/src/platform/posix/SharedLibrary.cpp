#include "platform/SharedLibrary.h"

#include "posix/LibraryLoading.h"

namespace carillon {

LoadedLibrary loadLibrary(const OpenFile&, const std::string& path) {
    return loadByName(path, path);
}

}  // namespace carillon
