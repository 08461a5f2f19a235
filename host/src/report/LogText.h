#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace carillon {

/// The characters of a line of the log, and the escapes \n, \r, \t, \\, \" and \xNN in it.

/// What a text begins with. The length is 0 when that is not UTF-8.
struct LogCharacter {
    int code = 0;
    std::size_t length = 0;
};

LogCharacter firstCharacter(std::string_view text);

/// Also the control characters of Unicode, which some terminals and readers take for what their older relatives are.
bool isControl(int code);

void appendHex(std::string& out, char c);

/// Without control characters and bytes that are not UTF-8; on request without single backslashes.
std::string escape(std::string_view text, bool backslashes);
std::string unescape(std::string_view text);

/// The byte that the escape at the beginning of `text` stands for, and its length; a length of 0 when it is none.
std::pair<char, std::size_t> readEscape(std::string_view text);

/// Any text as a text of JSON: only bytes that are not UTF-8 are replaced.
std::string toUtf8(std::string_view text);

}  // namespace carillon
