#pragma once

#include "carillon/VisibleText.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace carillon {

/// What somebody wrote, to be kept and shown: on one line, without blanks around it, what is hidden in it made visible
/// (visibleText), and cut to so many characters, the last of which is then an ellipsis.
inline std::string boundedText(std::string_view text, std::size_t most) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\n' || text.front() == '\r'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    std::string visible(text.substr(0, 4 * most + 4));
    std::replace_if(
        visible.begin(), visible.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    visible = visibleText(visible);
    std::size_t end = 0;  // of one character less than may be
    std::size_t at = 0;
    for (std::size_t count = 0; at < visible.size(); ++count) {
        if (count + 1 == most) end = at;
        if (count == most) return visible.substr(0, end) + "…";
        at += std::max<std::size_t>(1, firstCharacter(std::string_view(visible).substr(at)).length);
    }
    return visible;
}

}  // namespace carillon
