#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon {

/// What is shown instead of a secret.
inline constexpr std::string_view kConcealed = "[secret]";

/// Where in a text the `user:password` of its URLs stand, each from its first byte to the `@` behind it. Where a
/// password is not written as URLs have it (`http://user:pass/word@host`), it is what comes before the last `@`.
inline std::vector<std::pair<std::size_t, std::size_t>> findUserinfo(std::string_view text) {
    constexpr std::string_view kMark = "://";
    constexpr std::string_view kEndsUrl = " \t\r\n\"'<>`\\";
    constexpr std::string_view kDigits = "0123456789";
    constexpr std::string_view kExample = "USER:PASSWORD";  // in messages that tell how to write one
    std::vector<std::pair<std::size_t, std::size_t>> found;
    for (auto at = text.find(kMark); at != std::string_view::npos; at = text.find(kMark, at)) {
        at += kMark.size();
        const std::string_view url = text.substr(at, std::min(text.find_first_of(kEndsUrl, at), text.size()) - at);
        std::string_view authority = url.substr(0, url.find_first_of("/?#"));
        const auto colon = authority.find(':');
        const bool hasPort = colon != std::string_view::npos && colon + 1 < authority.size() &&
                             authority.find_first_not_of(kDigits, colon + 1) == std::string_view::npos;
        const bool isAddress6 = authority.starts_with('[');
        // No port stands behind the colon: a password does, and the slash is its own.
        if (colon != std::string_view::npos && !hasPort && !isAddress6 && authority.find('@') == std::string_view::npos)
            authority = url;
        const auto end = authority.rfind('@');
        if (end == std::string_view::npos || end == 0) continue;
        if (authority.substr(0, end) != kExample) found.emplace_back(at, at + end);
        at += end;
    }
    return found;
}

/// `http://user:password@host` as `http://[secret]@host`, wherever in a text that stands.
inline std::string withoutUserinfo(std::string_view text) {
    std::string shown;
    std::size_t from = 0;
    for (const auto& [begin, end] : findUserinfo(text)) {
        shown.append(text.substr(from, begin - from)).append(kConcealed);
        from = end;
    }
    return shown.append(text.substr(from));
}

}  // namespace carillon
