#pragma once

#include "plugins/PluginLibrary.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace carillon {

/// The libraries that a process has loaded, each once and for ever: a file that changes later is not looked at again.
/// Safe from any thread.
class PluginCache {
public:
    /// Throws what the constructor of PluginLibrary throws, each time anew. The reference stays valid.
    const PluginLibrary& get(const std::string& path);

private:
    std::mutex _mutex;
    std::map<std::string, std::unique_ptr<PluginLibrary>> _libraries;
};

}  // namespace carillon
