#include "cli/CliTexts.h"

#include "record/ReasonWords.h"
#include "shared/EmbeddedText.h"
#include "shared/MessageForm.h"
#include "words/MessageWords.h"

#include <array>
#include <cstdio>
#include <utility>
#include <vector>

namespace carillon {

namespace cli_texts {
extern const std::vector<EmbeddedText> files;  // en, fr
}

const Texts& cliTexts(Language language) {
    static const Texts english(Language::English, cli_texts::files.at(0).text);
    static const Texts french(Language::French, cli_texts::files.at(1).text);
    return language == Language::French ? french : english;
}

const Texts& cliTexts() {
    return cliTexts(preferredLanguage());
}

std::string cliText(const std::string& key, const Message::Values& values) {
    return inWords(say(key, values), cliTexts());
}

std::string told(const Message& message) {
    return inWords(message, preferredLanguage(), PluginTexts());
}

std::vector<std::string> tableHeads(std::initializer_list<const char*> keys) {
    std::vector<std::string> heads;
    for (const auto* key : keys) heads.push_back(cliText(std::string("head.") + key));
    return heads;
}

/// A text that is refused is missing here: the host that runs says so in its log.
MessageTeller::MessageTeller(const HostConfig& host) : _language(preferredLanguage()) {
    if (_language != Language::English) _plugins = PluginTexts(host.pluginsDir, [](const auto&, const auto&) {});
}

/// A message comes with its English text.
std::string MessageTeller::tell(const Message& message) const {
    return _language == Language::English ? message.text : inWords(message, _language, _plugins);
}

std::string MessageTeller::call(const std::string& plugin, const std::string& kind, const std::string& name,
                                const std::string& otherwise) const {
    return _language == Language::English ? otherwise : _plugins.of(plugin, _language).word(kind, name, otherwise);
}

std::string hostText(const Message& message) {
    return inWords(message, preferredLanguage(), PluginTexts());
}

std::string secondsText(double seconds) {
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.2f", seconds);
    return numberInWords(digits.data(), cliTexts().language() == Language::French) + " s";
}

std::string outcomeWord(const std::optional<Outcome>& outcome) {
    return cliTexts().word("outcome", outcome ? std::string(outcomeName(*outcome)) : "running");
}

std::string reasonWords(const SlotReason& reason) {
    return reasonInWords(reason, preferredLanguage());
}

}  // namespace carillon
