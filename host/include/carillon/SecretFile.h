#pragma once

#include "carillon/TextFile.h"

#include <sys/stat.h>

#include <cstddef>
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

/// The secret that stands on the first line of a file, without blanks at its end; empty with the problem, which follows
/// "a file that" and shows nothing of it.
struct SecretLine {
    std::string value{};
    std::string problem{};
};

inline SecretLine readSecretLine(const std::string& path) {
    const TextFile file = readTextFile(path);
    if (file.flaw) return {"", file.flaw->problem + " on line " + std::to_string(file.flaw->line) + file.flaw->remedy};
    std::size_t at = 0;
    std::string value(takeLine(file.text, at));
    while (!value.empty() && value.back() == ' ') value.pop_back();
    return {value, value.empty() ? "is missing, empty or not readable for this user" : ""};
}

}  // namespace carillon
