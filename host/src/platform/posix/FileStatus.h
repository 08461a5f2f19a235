#pragma once

#include "platform/FileFacts.h"
#include "platform/OpenFile.h"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>

namespace carillon {

/// What the last call to the system failed with.
inline std::error_code lastError() {
    return {errno, std::generic_category()};
}

inline int descriptorOf(const OpenFile& file) {
    return static_cast<int>(file.handle());
}

inline FileKind kindOf(const struct stat& status) {
    if (S_ISREG(status.st_mode)) return FileKind::Regular;
    if (S_ISDIR(status.st_mode)) return FileKind::Folder;
    return S_ISFIFO(status.st_mode) ? FileKind::Pipe : FileKind::Other;
}

inline FileFacts factsFrom(const struct stat& status) {
    const auto nanoseconds = [](const timespec& at) { return std::int64_t{at.tv_sec} * 1'000'000'000 + at.tv_nsec; };
    return {kindOf(status),
            {status.st_dev, status.st_ino},
            static_cast<std::uint64_t>(status.st_size),
            nanoseconds(status.st_mtim),
            nanoseconds(status.st_ctim)};
}

}  // namespace carillon
