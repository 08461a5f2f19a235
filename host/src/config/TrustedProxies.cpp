#include "config/TrustedProxies.h"

#include "words/HostTexts.h"

#include "Poco/StringTokenizer.h"

namespace carillon {

std::vector<Network> readTrustedProxies(ConfigReader& in) {
    constexpr const char* kKey = "http.proxy.trusted";
    const Poco::StringTokenizer words(in.text(kKey, ""), ", ", Poco::StringTokenizer::TOK_IGNORE_EMPTY);
    std::vector<Network> trusted;
    for (const auto& word : words) {
        if (const auto network = Network::parse(word))
            trusted.push_back(*network);
        else
            in.unexpected(kKey, word, sayHost("wanted.networks"));
    }
    return trusted;
}

}  // namespace carillon
