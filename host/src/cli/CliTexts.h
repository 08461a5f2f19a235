#pragma once

#include "carillon/Message.h"
#include "config/HostConfig.h"
#include "words/PluginTexts.h"
#include "words/Texts.h"

#include <string>

namespace carillon {

/// What the command line says, in the language of whoever calls it (preferredLanguage()): texts/en.properties and
/// texts/fr.properties of this folder.
const Texts& cliTexts();

/// Tells in that language what tasks and the host said. Reads what plugins call things when it is made.
class MessageTeller {
public:
    explicit MessageTeller(const HostConfig& host);

    std::string tell(const Message& message) const;

private:
    const Language _language;
    PluginTexts _plugins{};
};

/// `0.42 s`, `0,42 s`.
std::string secondsText(double seconds);

}  // namespace carillon
