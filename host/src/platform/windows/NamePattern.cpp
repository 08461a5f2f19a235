#include "platform/NamePattern.h"

#include <string_view>

namespace carillon {
namespace {

/// Of a bracket at the beginning of `pattern`: whether it takes `c`. Takes the bracket off; false with the pattern as
/// it was when nothing closes it.
bool takeBracket(std::string_view& pattern, char c, bool& matches) {
    std::size_t at = 1;
    const bool excludes = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
    if (excludes) ++at;
    bool found = false;
    for (const std::size_t first = at; at < pattern.size(); ++at) {
        if (pattern[at] == ']' && at > first) {
            pattern.remove_prefix(at + 1);
            matches = found != excludes;
            return true;
        }
        const bool isRange = at + 2 < pattern.size() && pattern[at + 1] == '-' && pattern[at + 2] != ']';
        const char last = isRange ? pattern[at + 2] : pattern[at];
        found = found || (pattern[at] <= c && c <= last);
        if (isRange) at += 2;
    }
    return false;
}

/// One character against what stands before the next star. Takes it off the pattern.
bool takeOne(std::string_view& pattern, char c) {
    if (pattern.empty()) return false;
    bool matches = false;
    if (pattern.front() == '[' && takeBracket(pattern, c, matches)) return matches;
    matches = pattern.front() == '?' || pattern.front() == c;
    pattern.remove_prefix(1);
    return matches;
}

}  // namespace

bool matchesPattern(const std::string& pattern, const std::string& text) {
    std::string_view rest = pattern;
    std::string_view left = text;
    std::string_view afterStar;
    std::string_view leftAtStar;
    bool hasStar = false;
    while (!left.empty() || !rest.empty()) {
        if (!rest.empty() && rest.front() == '*') {
            rest.remove_prefix(1);
            afterStar = rest;
            leftAtStar = left;
            hasStar = true;
        } else if (left.empty() || !takeOne(rest, left.front())) {
            // The last star takes one character more; an earlier one need not.
            if (!hasStar || leftAtStar.empty()) return false;
            leftAtStar.remove_prefix(1);
            left = leftAtStar;
            rest = afterStar;
        } else {
            left.remove_prefix(1);
        }
    }
    return true;
}

}  // namespace carillon
