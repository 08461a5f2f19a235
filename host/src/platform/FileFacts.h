#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace carillon {

/// Which file it is: no other file of this machine has the same as long as it exists or somebody has it open.
struct FileIdentity {
    std::uint64_t volume = 0;
    std::uint64_t number = 0;

    auto operator<=>(const FileIdentity&) const = default;
};

enum class FileKind { Regular, Folder, Pipe, Other };

/// What the system tells of a file. It is another one after each change of the file, its rights included.
struct FileFacts {
    FileKind kind = FileKind::Other;
    FileIdentity identity{};
    std::uint64_t size = 0;       ///< In bytes; 0 for what has none, as a pipe.
    std::int64_t modifiedAt = 0;  ///< Nanoseconds since the epoch, of the content.
    std::int64_t changedAt = 0;   ///< The same, of content or rights.

    bool operator==(const FileFacts&) const = default;
};

/// Of what is at the path, behind links. Nothing when there is nothing, or when it may not be looked at.
std::optional<FileFacts> factsOf(const std::string& path);

/// Whether something is at the path, a link that leads nowhere included. Also true when it may not be looked at.
bool mayBeAt(const std::string& path);

}  // namespace carillon
