#pragma once

#include <string>

namespace carillon {

/// Whether a pattern such as `sync-*@*` means a text: * any characters, ? one, [a-c] and [!a-c] one of some; a bracket
/// that nothing closes stands for itself, and so does a backslash.
bool matchesPattern(const std::string& pattern, const std::string& text);

}  // namespace carillon
