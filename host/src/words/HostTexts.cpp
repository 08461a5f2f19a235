#include "words/HostTexts.h"

#include "shared/EmbeddedText.h"
#include "words/MessageWords.h"

#include <utility>
#include <vector>

namespace carillon {

namespace host_texts {
extern const std::vector<EmbeddedText> files;  // en, fr
}

const Texts& hostTexts(Language language) {
    static const Texts english(Language::English, host_texts::files.at(0).text);
    static const Texts french(Language::French, host_texts::files.at(1).text);
    return language == Language::French ? french : english;
}

Message sayHost(const std::string& key, Message::Values values) {
    Message message = say(std::string(kHostPrefix) + key, std::move(values));
    message.text = inWords(message, Language::English, PluginTexts());
    return message;
}

}  // namespace carillon
