#pragma once

#include "carillon/Message.h"

#include <cstddef>
#include <optional>
#include <string>

namespace carillon {

/// What is kept of a password: PBKDF2 with HMAC-SHA-256.
struct PasswordHash {
    static constexpr int kDefaultIterations = 600'000;  // OWASP's figure; some tenths of a second
    static constexpr int kMostIterations = 10'000'000;
    static constexpr std::size_t kSaltBytes = 16;
    static constexpr std::size_t kHashBytes = 32;

    int iterations = kDefaultIterations;  ///< 1..kMostIterations
    std::string salt{};                   ///< Bytes.
    std::string hash{};                   ///< Bytes.

    /// With a salt of its own.
    static PasswordHash of(const std::string& password, int iterations = kDefaultIterations);
    /// Takes as long as of() with as many iterations.
    bool matches(const std::string& password) const;
};

/// PBKDF2-HMAC-SHA256, `bytes` of it. Throws Poco::SystemException when the library cannot.
std::string derivePassword(const std::string& password, const std::string& salt, int iterations,
                           std::size_t bytes = PasswordHash::kHashBytes);

/// Why a new password is refused, as a sentence; nothing for a good one: 12 characters or more, 1,024 bytes at most.
std::optional<Message> faultOfPassword(const std::string& password);

}  // namespace carillon
