#include "plugins/PluginCache.h"

namespace carillon {

const PluginLibrary& PluginCache::get(const std::string& path) {
    const std::lock_guard lock(_mutex);
    auto& library = _libraries[path];
    if (!library) library = std::make_unique<PluginLibrary>(path);
    return *library;
}

}  // namespace carillon
