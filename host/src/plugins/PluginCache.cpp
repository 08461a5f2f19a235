#include "plugins/PluginCache.h"

#include <sys/stat.h>

namespace carillon {

std::optional<FileIdentity> identityOf(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    return FileIdentity{status.st_dev, status.st_ino, status.st_size,
                        status.st_ctim.tv_sec * 1'000'000'000 + status.st_ctim.tv_nsec};
}

const PluginLibrary& PluginCache::get(const std::string& path) {
    const std::lock_guard lock(_mutex);
    auto& library = _libraries[path];
    if (!library) library = std::make_unique<PluginLibrary>(path);
    return *library;
}

}  // namespace carillon
