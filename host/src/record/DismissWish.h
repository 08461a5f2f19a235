#pragma once

#include "base/BoundedText.h"
#include "carillon/Items.h"
#include "words/HostTexts.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

namespace carillon {

/// Rejects that are dismissed at once.
constexpr std::size_t kMostDismissed = 1'000;
/// Characters of a reason.
constexpr std::size_t kLongestDismissal = 400;

inline std::size_t charactersOf(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/// What keeps somebody's wish from being carried out, as a sentence; nothing: it can be. Brings the reason into the
/// form in which it is kept, and each id to stand once.
inline std::optional<Message> faultOfDismissal(DismissRequest& request) {
    if (request.ids.empty()) return sayHost("dismiss.noids");
    if (request.ids.size() > kMostDismissed) return sayHost("dismiss.toomany", {{"most", kMostDismissed}});
    std::sort(request.ids.begin(), request.ids.end());
    request.ids.erase(std::unique(request.ids.begin(), request.ids.end()), request.ids.end());
    // Never cut: what a person gives as the reason is kept as it is, or not taken. The longest form of a hidden
    // character is shorter than ten.
    request.reason = boundedText(request.reason, request.reason.size() * 10 + 1);
    if (charactersOf(request.reason) > kLongestDismissal)
        return sayHost("dismiss.longreason", {{"most", kLongestDismissal}});
    if (request.reason.find_first_not_of(' ') == std::string::npos) return sayHost("dismiss.noreason");
    return std::nullopt;
}

}  // namespace carillon
