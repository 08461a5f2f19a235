#include "access/PasswordHash.h"

#include "access/Secrets.h"
#include "words/HostTexts.h"

#include "Poco/Exception.h"

#include <openssl/evp.h>

#include <algorithm>

namespace carillon {

PasswordHash PasswordHash::of(const std::string& password, int iterations) {
    PasswordHash made{iterations, randomBytes(kSaltBytes), {}};
    made.hash = derivePassword(password, made.salt, iterations);
    return made;
}

bool PasswordHash::matches(const std::string& password) const {
    return sameSecret(derivePassword(password, salt, iterations), hash);
}

std::string derivePassword(const std::string& password, const std::string& salt, int iterations, std::size_t bytes) {
    std::string hash(bytes, '\0');
    if (::PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                            reinterpret_cast<const unsigned char*>(salt.data()), static_cast<int>(salt.size()),
                            iterations, ::EVP_sha256(), static_cast<int>(bytes),
                            reinterpret_cast<unsigned char*>(hash.data())) != 1)
        throw Poco::SystemException("a password cannot be hashed");
    return hash;
}

std::optional<Message> faultOfPassword(const std::string& password) {
    constexpr std::ptrdiff_t kFewest = 12;
    constexpr std::size_t kMostBytes = 1024;
    const auto startsCharacter = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };  // UTF-8
    const auto length = std::count_if(password.begin(), password.end(), startsCharacter);
    if (length < kFewest) return sayHost("password.short", {{"n", length}, {"fewest", kFewest}});
    if (password.size() > kMostBytes) return sayHost("password.long", {{"most", kMostBytes}});
    return std::nullopt;
}

}  // namespace carillon
