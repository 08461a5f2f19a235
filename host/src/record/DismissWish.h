#pragma once

#include "base/BoundedText.h"
#include "carillon/Items.h"

#include <cstddef>
#include <optional>
#include <string>

namespace carillon {

/// Rejects that are dismissed at once.
constexpr std::size_t kMostDismissed = 1'000;
/// Characters of a reason.
constexpr std::size_t kLongestDismissal = 400;

/// What keeps somebody's wish from being carried out, as a sentence; nothing: it can be. Brings the reason into the
/// form in which it is kept.
inline std::optional<std::string> faultOfDismissal(DismissRequest& request) {
    if (request.ids.empty()) return "no reject is named: a dismissal needs the ids of rejects";
    if (request.ids.size() > kMostDismissed)
        return "too many rejects at once, expected " + std::to_string(kMostDismissed) + " at most";
    request.reason = boundedText(request.reason, kLongestDismissal);
    if (request.reason.find_first_not_of(' ') == std::string::npos) return "a dismissal needs a reason: why nothing is to be done";
    return std::nullopt;
}

}  // namespace carillon
