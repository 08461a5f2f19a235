#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

namespace carillon {

/// Why a file that holds a secret is refused, with the command that mends it; nothing when others than its owner and
/// group may neither read nor write it, or when it is not there.
inline std::optional<std::string> exposureOf(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || (status.st_mode & (S_IROTH | S_IWOTH)) == 0) return std::nullopt;
    return "the secret stands in a file that others may read; run: chmod o-rwx '" + path + "'";
}

}  // namespace carillon
