#pragma once

#include "Poco/Base64Encoder.h"

#include <sstream>
#include <string>

namespace passerelle {

/// On one line.
inline std::string toBase64(const std::string& bytes) {
    std::ostringstream text;
    Poco::Base64Encoder encoder(text);
    encoder.rdbuf()->setLineLength(0);
    encoder << bytes;
    encoder.close();
    return text.str();
}

}  // namespace passerelle
