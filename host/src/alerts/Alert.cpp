#include "alerts/Alert.h"

#include "words/HostTexts.h"

#include "Poco/DigestEngine.h"
#include "Poco/Exception.h"
#include "Poco/SHA2Engine.h"

namespace carillon {
Alert readAlert(std::string_view json, const std::string& job) {
    try {
        return fromJson<Alert>(json);
    } catch (const Poco::DataFormatException& e) {
        Alert alert;
        alert.job = job;
        alert.message = sayHost("alert.unreadable", {{"why", e.message()}});
        return alert;
    }
}

std::string alertHash(const std::string& text) {
    Poco::SHA2Engine engine;
    engine.update(text);
    return Poco::DigestEngine::digestToHex(engine.digest()).substr(0, 32);
}

}  // namespace carillon
