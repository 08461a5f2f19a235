#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace carillon {

/// Bytes that nobody can guess. Throws Poco::SystemException when the system has none.
std::string randomBytes(std::size_t count);

/// 32 of them as 43 characters of A-Z, a-z, 0-9, - and _.
std::string randomText();

/// SHA-256, in 64 hexadecimal digits.
std::string sha256Hex(std::string_view text);

std::string toHex(std::string_view bytes);

/// Equal? Takes a time that tells nothing but whether the lengths are.
bool sameSecret(std::string_view a, std::string_view b);

}  // namespace carillon
