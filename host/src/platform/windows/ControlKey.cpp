#include "windows/ControlKey.h"

#include "windows/System.h"

#include "Poco/DigestEngine.h"
#include "Poco/HMACEngine.h"
#include "Poco/SHA2Engine.h"

namespace carillon {
namespace {

constexpr std::size_t kKeyBytes = 32;

/// Poco's does not say what its HMAC asks of an engine.
struct Sha256 : Poco::SHA2Engine {
    Sha256() : SHA2Engine(SHA_256) {}
    enum { BLOCK_SIZE = 64, DIGEST_SIZE = 32 };
};

}  // namespace

std::string freshKey() {
    return randomHex(kKeyBytes);
}

std::string proofOf(const std::string& key, const std::string& role, const std::string& question) {
    Poco::HMACEngine<Sha256> engine(key);
    engine.update(role + ' ' + question);
    return Poco::DigestEngine::digestToHex(engine.digest());
}

bool isSame(const std::string& a, const std::string& b) {
    if (a.size() != b.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned>(static_cast<unsigned char>(b[i]));
    return difference == 0;
}

}  // namespace carillon
