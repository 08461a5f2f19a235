#pragma once

#include <string>
#include <string_view>

namespace carillon {

/// A text as people look for it: small letters for capital ones, letters without their accents, `oe` for `œ`, and what
/// keyboards have for what printers set: ' for ’, a space for one that does not break, - for − and the like. UTF-8; a byte
/// that is none stays as it is.
std::string folded(std::string_view text);

/// Whether the text has the word in it, which is folded() already; each text has an empty one.
bool hasFolded(std::string_view text, std::string_view word);

}  // namespace carillon
