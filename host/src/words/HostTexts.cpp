#include "words/HostTexts.h"

#include "shared/EmbeddedText.h"
#include "words/MessageWords.h"

#include <utility>
#include <vector>

namespace carillon {

namespace host_texts {
extern const std::vector<EmbeddedText> files;  // en, fr, faults.en, faults.fr
}

namespace {

Texts read(Language language) {
    const std::size_t first = language == Language::French ? 1 : 0;
    std::string text(host_texts::files.at(first).text);
    text.append("\n").append(host_texts::files.at(first + 2).text);
    return {language, text};
}

}  // namespace

const Texts& hostTexts(Language language) {
    static const Texts english = read(Language::English);
    static const Texts french = read(Language::French);
    return language == Language::French ? french : english;
}

Message sayHost(const std::string& key, Message::Values values) {
    Message message = say(std::string(kHostPrefix) + key, std::move(values));
    message.text = inWords(message, Language::English, PluginTexts());
    return message;
}

Message withHostTexts(Message message) {
    for (auto& [name, value] : message.values) value = withHostTexts(std::move(value));
    const bool isOfHost = message.code.starts_with(kHostPrefix);
    if (isOfHost || message.code == kJoined) message.text = inWords(message, Language::English, PluginTexts());
    return message;
}

}  // namespace carillon
