#include "platform/OpenFile.h"

#include "windows/FileStatus.h"

#include <algorithm>

namespace carillon {
namespace {

constexpr std::size_t kMostAtOnce = 1 << 20;

/// Locks hinder reading: this one is of a byte that no file has.
OVERLAPPED placeOfLock() {
    OVERLAPPED place{};
    place.OffsetHigh = 0x7fffffff;
    return place;
}

/// The end of a file or of a pipe is no error.
bool isEnd(DWORD problem) {
    return problem == ERROR_HANDLE_EOF || problem == ERROR_BROKEN_PIPE;
}

}  // namespace

void OpenFile::close() {
    if (_handle != kNone) ::CloseHandle(carillon::handleOf(std::exchange(_handle, kNone)));
}

std::size_t OpenFile::readAt(std::uint64_t offset, char* bytes, std::size_t most, std::error_code& error) const {
    error.clear();
    std::size_t have = 0;
    while (have < most) {
        OVERLAPPED place{};
        place.Offset = static_cast<DWORD>(offset + have);
        place.OffsetHigh = static_cast<DWORD>((offset + have) >> 32);
        DWORD n = 0;
        const auto wanted = static_cast<DWORD>(std::min(most - have, kMostAtOnce));
        if (!::ReadFile(carillon::handleOf(*this), bytes + have, wanted, &n, &place)) {
            if (!isEnd(::GetLastError())) error = lastError();
            break;
        }
        if (n == 0) break;
        have += n;
    }
    return have;
}

bool OpenFile::readAll(std::string& bytes, std::error_code& error) const {
    bytes.clear();
    error.clear();
    std::string block(kMostAtOnce / 16, '\0');
    for (;;) {
        DWORD n = 0;
        if (!::ReadFile(carillon::handleOf(*this), block.data(), static_cast<DWORD>(block.size()), &n, nullptr)) {
            if (isEnd(::GetLastError())) return true;
            error = lastError();
            return false;
        }
        if (n == 0) return true;
        bytes.append(block, 0, n);
    }
}

bool OpenFile::write(std::string_view bytes, std::error_code& error) const {
    error.clear();
    while (!bytes.empty()) {
        DWORD n = 0;
        const auto most = static_cast<DWORD>(std::min(bytes.size(), kMostAtOnce));
        if (!::WriteFile(carillon::handleOf(*this), bytes.data(), most, &n, nullptr)) {
            error = lastError();
            return false;
        }
        bytes.remove_prefix(n);
    }
    return true;
}

void OpenFile::replaceContent(std::string_view bytes) const {
    std::error_code ignored;
    LARGE_INTEGER begin{};
    if (::SetFilePointerEx(carillon::handleOf(*this), begin, nullptr, FILE_BEGIN) &&
        ::SetEndOfFile(carillon::handleOf(*this)))
        write(bytes, ignored);
}

bool tryLock(const OpenFile& file) {
    OVERLAPPED place = placeOfLock();
    return ::LockFileEx(handleOf(file), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place);
}

bool isLocked(const std::string& path) {
    const OpenFile file = openThere(wide(path), GENERIC_READ);
    OVERLAPPED place = placeOfLock();
    return file && !::LockFileEx(handleOf(file), LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place) &&
           ::GetLastError() == ERROR_LOCK_VIOLATION;
}

/// Pipes have no place among the files here.
bool hasReader(const std::string&) {
    return false;
}

}  // namespace carillon
