#pragma once

#include "carillon/VisibleText.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace carillon {

/// What is hidden, and bytes that are not UTF-8, become \n, \r, \t, \xNN or \uNNNN; on request `\` becomes `\\`.
std::string escape(std::string_view text, bool backslashes);
std::string unescape(std::string_view text);

/// What an escape stands for, and its length; a length of 0 when it is none.
struct LogEscape {
    std::string meaning{};
    std::size_t length = 0;
};

/// The escape at the beginning of `text`.
LogEscape readEscape(std::string_view text);

/// A character as UTF-8.
std::string utf8Of(int code);

/// A character as an escape of JSON, \uNNNN; beyond U+FFFF two of them.
void appendJsonCode(std::string& out, int code);

/// Any text as a text of JSON: only bytes that are not UTF-8 are replaced.
std::string toUtf8(std::string_view text);

/// The same of JSON on one line that somebody else wrote: what is hidden in its strings becomes \uNNNN there.
std::string visibleJson(std::string_view json);

}  // namespace carillon
