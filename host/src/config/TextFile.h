#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// All of a file; nothing, with errno, when it cannot be read. A folder cannot.
std::optional<std::string> readWholeFile(const std::string& path);

/// The line at `at`, which moves behind its end: \n, \r\n or \r. The end is no part of the line.
std::string_view takeLine(std::string_view text, std::size_t& at);

}  // namespace carillon
