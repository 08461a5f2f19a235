#pragma once

#include "plugins/PluginLibrary.h"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace carillon {

/// What changes when a file is replaced or written to.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t changedAt = 0;  ///< Nanoseconds since the epoch, of content or mode.

    bool operator==(const FileIdentity&) const = default;
};

/// Nothing when there is no such file.
std::optional<FileIdentity> identityOf(const std::string& path);

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
