#pragma once

#include "base/TextFile.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace carillon {

/// Why a file that holds a secret is refused, with the command that mends it; nothing when it is trusted
/// (FileRights.h) and others than its owner and group may neither read nor write it, or when it is not there.
inline std::optional<std::string> exposureOf(const std::string& path) {
    std::string refusal = trustedPath(path, Opening::Look, TrustRole::Secret).refusal();
    return refusal.empty() ? std::nullopt : std::optional(std::move(refusal));
}

/// The secret that stands on the first line of a file, without blanks at its end; empty with the problem, which follows
/// "a file that" and shows nothing of it, or with the sentence that refuses the file.
struct SecretLine {
    std::string value{};
    std::string problem{};
    std::string refusal{};
};

inline SecretLine readSecretLine(const std::string& path) {
    const TextFile file = readTextFile(path, TrustRole::Secret);
    if (file.isRefused) return {"", "", file.failure};
    if (file.flaw)
        return {"", file.flaw->problem + " on line " + std::to_string(file.flaw->line) + file.flaw->remedy, ""};
    std::size_t at = 0;
    std::string value(takeLine(file.text, at));
    while (!value.empty() && value.back() == ' ') value.pop_back();
    return {value, value.empty() ? "is missing, empty or not readable for this user" : "", ""};
}

}  // namespace carillon
