#include "Fuzz.h"

#include "base/JsonWriter.h"
#include "base/LogText.h"
#include "carillon/VisibleText.h"
#include "conceal/Redactor.h"

#include "Poco/Base64Encoder.h"
#include "Poco/URI.h"

#include <sstream>

using namespace carillon;

namespace {

std::string base64(const std::string& bytes) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text);
    encoder.rdbuf()->setLineLength(0);
    encoder << bytes;
    encoder.close();
    return text.str();
}

std::string json(const std::string& text) {
    JsonWriter writer;
    return writer.value(text).text();
}

std::string percent(const std::string& text) {
    std::string encoded;
    Poco::URI::encode(text, ":/?#[]@!$&'()*+,;=", encoded);
    return encoded;
}

}  // namespace

/// The first byte tells how long the secret is that follows, the rest is the text around it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t length = std::min<std::size_t>(data[0] % 64, size - 1);
    const std::string secret = fuzz::textOf(data + 1, length);
    const std::string around = fuzz::textOf(data + 1 + length, size - 1 - length);
    Redactor redactor;
    redactor.add(secret);
    const bool isSecret = secret.size() >= Redactor::kShortestSecret;

    const std::string shown = redactor.apply(around + secret + around);
    if (isSecret && secret.find_first_of("[secrt]") == std::string::npos)
        fuzz::require(shown.find(secret) == std::string::npos, "what is concealed does not hold the secret");
    const bool isUtf8 = toUtf8(secret) == secret;
    for (const std::string& form : {base64(secret), base64("a" + secret), base64("ab" + secret + "c"), percent(secret),
                                    json(secret), json("{\"x\":" + json(secret) + "}"), escape(secret, true)}) {
        if (secret.size() < 8 || !isUtf8) continue;
        fuzz::require(redactor.apply(form).find("[secret]") != std::string::npos, "each form is found");
    }
    const std::size_t cut = redactor.placeToCut(around + secret + around, around.size() + secret.size() / 2);
    fuzz::require(cut <= 2 * around.size() + secret.size(), "a text is cut within it");
    if (isSecret)
        fuzz::require(cut <= around.size() || cut >= around.size() + secret.size(), "no secret is cut in two");

    const std::string visible = visibleText(around);
    for (std::string_view rest = visible; !rest.empty();) {
        const auto [code, bytes] = firstCharacter(rest);
        fuzz::require(bytes > 0 && (code == '\n' || code == '\t' || !isHidden(code)), "a visible text hides nothing");
        rest.remove_prefix(bytes);
    }
    fuzz::require(visibleText(visible) == visible, "what is visible stays as it is");
    return 0;
}
