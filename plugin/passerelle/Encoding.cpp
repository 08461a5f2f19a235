#include "Encoding.h"

#include "Poco/Base64Encoder.h"
#include "Poco/JSONString.h"

#include <sstream>

namespace passerelle {

void appendJson(std::string& json, const std::string& text) {
    const char* const end = text.data() + text.size();
    const auto isEscaped = [](char c) { return (static_cast<unsigned char>(c) < 0x20) | (c == '"') | (c == '\\'); };
    // Poco goes character by character: only where something has to be escaped.
    if (findByte(text.data(), end, isEscaped) != end) {
        json += Poco::toJSON(text);
        return;
    }
    json += '"';
    json += text;
    json += '"';
}

std::string toBase64(const std::string& bytes) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text);
    encoder.rdbuf()->setLineLength(0);
    encoder << bytes;
    encoder.close();
    return text.str();
}

}  // namespace passerelle
