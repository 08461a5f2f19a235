#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace testgateway {

/// Appends a JSON string as PHP's json_encode() does: "/" and all that is not ASCII escaped.
/// Bytes that are not UTF-8 become U+FFFD.
void appendJsonText(std::string& out, std::string_view text);

/// Only the inside of the string, without its quotes.
void appendJsonEscaped(std::string& out, std::string_view text);

/// PHP with an older database driver gives numbers as texts.
enum class NumberStyle { Number, Text };
void appendJsonNumber(std::string& out, std::int64_t number, NumberStyle style = NumberStyle::Number);

}  // namespace testgateway
