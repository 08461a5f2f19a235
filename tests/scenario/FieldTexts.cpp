#include "FieldTexts.h"

#include <array>
#include <string_view>

#include "Poco/DigestEngine.h"
#include "Poco/SHA2Engine.h"

namespace {

using namespace std::string_view_literals;

constexpr std::array kPieces{
    "Très bien"sv, "l'avis"sv, "\"cité\""sv, "C:\\temp\\new"sv, "\\"sv, "\\u0041"sv, "\\'"sv, "''"sv,
    // what JSON escapes
    "\n"sv, "\r\n"sv, "\t"sv, "\b\f"sv, "\x01\x1f\x7f"sv, "/api.php/"sv,
    // what is more than it seems
    "<script>alert(1)</script>"sv, "&lt;b&gt; &amp;amp; &#39;"sv, "'; DROP TABLE validations; --"sv,
    "%s %d ? :name @packet"sv, "{\"id\":1,\"token\":[null]}"sv, "},{\"id\":2}"sv, "]}"sv, "0"sv, "null"sv, "1e999"sv,
    // any script
    "e\u0301\u0323"sv, "שלום"sv, "\u202eمرحبا\u202c"sv, "漢字"sv, "हिन्दी"sv, "𝒜𠜎"sv, "👩‍👩‍👧‍👦"sv,
    "🇫🇷"sv, "\U0010ffff"sv, "\uffff"sv, "\ufffd"sv, "\ufeff"sv, "\u2028\u2029"sv, "\u00a0"sv, " "sv, "   "sv};

std::string pieces(std::mt19937& random) {
    std::string text;
    for (std::size_t count = 1 + random() % 8; count > 0; --count) text += kPieces[random() % kPieces.size()];
    return text;
}

/// Around the 65,535 bytes of a TEXT column, with characters of each length across its edge, or much longer.
std::string longText(std::mt19937& random) {
    constexpr std::size_t kLongestText = 65'535;
    constexpr std::array kFillers{"x"sv, "é"sv, "€"sv, "😀"sv, "Très bien présenté, à diffuser lundi 👍. "sv};
    const std::size_t size = random() % 3 == 0 ? 100'000 + random() % 200'000 : kLongestText - 4 + random() % 9;
    const std::string_view filler = kFillers[random() % kFillers.size()];
    std::string text(random() % 4, 'a');
    while (text.size() + filler.size() <= size) text += filler;
    return text.append(size - text.size(), 'z');
}

}  // namespace

std::optional<std::string> fieldComment(std::mt19937& random) {
    const auto kind = random() % 100;
    if (kind < 30) return std::nullopt;
    if (kind < 35) return "";
    return kind < 98 ? pieces(random) : longText(random);
}

std::string fieldHex(std::mt19937& random) {
    return fieldSha256(std::to_string(random()));
}

std::string fieldSha256(const std::string& text) {
    Poco::SHA2Engine engine;
    engine.update(text);
    return Poco::DigestEngine::digestToHex(engine.digest());
}
