#include "platform/FileFacts.h"

#include "posix/FileStatus.h"

namespace carillon {

std::optional<FileFacts> factsOf(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? std::optional(factsFrom(status)) : std::nullopt;
}

bool mayBeAt(const std::string& path) {
    struct stat status {};
    return ::lstat(path.c_str(), &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

}  // namespace carillon
