#pragma once

#include <cstddef>
#include <string>

namespace carillon {

/// 32 random bytes in hexadecimal.
std::string freshKey();

/// By which one who knows the key answers `question`; `role`: so that no answer of one side serves the other. In
/// hexadecimal.
std::string proofOf(const std::string& key, const std::string& role, const std::string& question);

/// Compares in a time that tells nothing of where they differ.
bool isSame(const std::string& a, const std::string& b);

/// Of a key or a proof, with room.
constexpr std::size_t kLongestProof = 128;

}  // namespace carillon
