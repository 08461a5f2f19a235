#pragma once

#include "platform/Console.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace carillon {

enum class Colour { Plain, Red, Green, Yellow, Dim, Bold };

/// In colour when the stream is a terminal and NO_COLOR is not set.
std::string coloured(Colour colour, const std::string& text, bool forStderr = false);

/// `carillon: error: …` and `carillon: warning: …` on stderr.
void printError(const std::string& message);
void printWarning(const std::string& message);

/// How many columns a text takes: one a character.
std::size_t columnsOf(std::string_view text);

/// What came from outside, on one line and with all that is hidden in it made visible (visibleText): nothing moves the
/// cursor, changes a colour or turns the direction of what stands beside it.
std::string printable(const std::string& text);

}  // namespace carillon
