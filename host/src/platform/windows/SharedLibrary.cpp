#include "platform/SharedLibrary.h"

#include "windows/FileStatus.h"

namespace carillon {

/// The file that is open cannot be written to, replaced or removed while it is mapped, and was judged: its name is as
/// good. What it depends on is beside the program or the system's: what else lies in its folder was not judged.
LoadedLibrary loadLibrary(const OpenFile&, const std::string& path) {
    LoadedLibrary library;
    std::wstring full(32'768, L'\0');
    full.resize(::GetFullPathNameW(wide(path).c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr));
    library.name = utf8(full);
    library.handle =
        ::LoadLibraryExW(full.c_str(), nullptr, LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (library.handle == nullptr) library.problem = lastError().message();
    return library;
}

void* symbolOf(const LoadedLibrary& library, const char* name) {
    return reinterpret_cast<void*>(::GetProcAddress(static_cast<HMODULE>(library.handle), name));
}

}  // namespace carillon
