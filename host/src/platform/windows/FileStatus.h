#pragma once

#include "platform/OpenFile.h"
#include "windows/System.h"

namespace carillon {

inline HANDLE handleOf(const OpenFile& file) {
    return handleOf(file.handle());
}

/// Others may do whatever they want with a file that is open.
constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

/// A file or folder that is there. Flags such as FILE_FLAG_OPEN_REPARSE_POINT.
inline OpenFile openThere(const std::wstring& path, DWORD access, DWORD flags = 0) {
    return OpenFile(numberOf(::CreateFileW(path.c_str(), access, kShareAll, nullptr, OPEN_EXISTING,
                                           FILE_FLAG_BACKUP_SEMANTICS | flags, nullptr)));
}

}  // namespace carillon
