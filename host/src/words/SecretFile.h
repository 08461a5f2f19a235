#pragma once

#include "base/TextFile.h"
#include "words/FileWords.h"
#include "words/HostTexts.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace carillon {

/// Why a file that holds a secret is refused, with the command that mends it; nothing when it is trusted
/// (FileRights.h) and others than its owner and group may neither read nor write it, or when it is not there.
inline std::optional<Message> exposureOf(const std::string& path) {
    Message refusal = trustedPath(path, Opening::Look, TrustRole::Secret).refusal();
    return refusal.empty() ? std::nullopt : std::optional(std::move(refusal));
}

/// The secret that stands on the first line of a file, without blanks at its end; empty with the problem, which follows
/// "a file that" and shows nothing of it, or with the sentence that refuses the file.
struct SecretLine {
    std::string value{};
    Message problem{};
    Message refusal{};
};

inline SecretLine readSecretLine(const std::string& path) {
    const TextFile file = readTextFile(path, TrustRole::Secret);
    if (!file.refusal.empty()) return {"", "", file.refusal};
    if (file.flaw) return {"", sayFlawOfSecret(*file.flaw), ""};
    std::size_t at = 0;
    std::string value(takeLine(file.text, at));
    while (!value.empty() && value.back() == ' ') value.pop_back();
    return {value, value.empty() ? sayHost("file.nosecret") : Message(), ""};
}

}  // namespace carillon
