#include "posix/LibraryLoading.h"

#include <dlfcn.h>

namespace carillon {

LoadedLibrary loadByName(const std::string& name, const std::string& path) {
    LoadedLibrary library{::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL), name, ""};
    if (library.handle != nullptr) return library;
    library.problem = ::dlerror();
    for (const auto& own : {name, path})
        if (library.problem.starts_with(own + ": ")) library.problem.erase(0, own.size() + 2);
    for (auto at = library.problem.find(name); at != std::string::npos; at = library.problem.find(name, at))
        library.problem.replace(at, name.size(), path);
    return library;
}

void* symbolOf(const LoadedLibrary& library, const char* name) {
    return ::dlsym(library.handle, name);
}

}  // namespace carillon
