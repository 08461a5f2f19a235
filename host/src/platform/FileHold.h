#pragma once

#include "platform/OpenFile.h"

#include <optional>
#include <string>

namespace carillon {

/// Keeps a file its own: as long as this lives, no other one has its identity, even when it was removed. Never frees a
/// lock that this process has on the file by other means. Where a file that is open cannot be removed, it holds
/// nothing.
class FileHold {
public:
    FileHold() = default;
    /// Holds nothing when there is no such file.
    explicit FileHold(const std::string& path);

    explicit operator bool() const { return _file.has_value(); }
    /// Whether the file is the one at the path.
    bool isAt(const std::string& path) const;

private:
    OpenFile _place{};
    std::optional<FileIdentity> _file{};
};

}  // namespace carillon
