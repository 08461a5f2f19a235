#include "access/Secrets.h"

#include "Poco/Base64Encoder.h"
#include "Poco/DigestEngine.h"
#include "Poco/Exception.h"
#include "Poco/SHA2Engine.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <sstream>

namespace carillon {

std::string randomBytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (::RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
        throw Poco::SystemException("the system gives no random bytes");
    return bytes;
}

std::string randomText() {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text, Poco::BASE64_URL_ENCODING | Poco::BASE64_NO_PADDING);
    encoder.rdbuf()->setLineLength(0);
    encoder << randomBytes(32);
    encoder.close();
    return text.str();
}

std::string sha256Hex(std::string_view text) {
    Poco::SHA2Engine engine;
    engine.update(text.data(), text.size());
    return Poco::DigestEngine::digestToHex(engine.digest());
}

std::string toHex(std::string_view bytes) {
    return Poco::DigestEngine::digestToHex({bytes.begin(), bytes.end()});
}

bool sameSecret(std::string_view a, std::string_view b) {
    return a.size() == b.size() && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace carillon
