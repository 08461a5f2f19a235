#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace carillon {

/// A character of a log and its length in UTF-8; a length of 0 for a byte that is not UTF-8.
struct LogCharacter {
    int code = 0;
    std::size_t length = 0;
};

/// `text` is not empty.
LogCharacter firstCharacter(std::string_view text);

/// Also the control characters of Unicode, which some terminals and readers take for what their older relatives are.
bool isControl(int code);

void appendHex(std::string& out, char c);

/// Control characters and bytes that are not UTF-8 become \n, \r, \t or \xNN; on request `\` becomes `\\`.
std::string escape(std::string_view text, bool backslashes);
std::string unescape(std::string_view text);

/// The byte that the escape at the beginning of `text` stands for, and its length; a length of 0 when it is none.
std::pair<char, std::size_t> readEscape(std::string_view text);

/// Any text as a text of JSON: only bytes that are not UTF-8 are replaced.
std::string toUtf8(std::string_view text);

}  // namespace carillon
