#include "words/MessageWords.h"

#include "shared/MessageForm.h"
#include "words/HostTexts.h"

#include <algorithm>

namespace carillon {
namespace {

MessageForm formsOf(const Texts& texts) {
    return {texts.all(), texts.language() == Language::French};
}

/// Of whoever the code says it is.
const Texts& textsOf(const Message& message, Language language, const PluginTexts& plugins) {
    if (message.code.starts_with(kHostPrefix)) return hostTexts(language);
    return plugins.of(message.code.substr(0, message.code.find('.')), language);
}

const std::string* formOf(const Message& message, const Texts& texts) {
    const auto point = message.code.find('.');
    return point == std::string::npos ? nullptr : formsOf(texts).find(message, message.code.substr(point + 1));
}

}  // namespace

std::string inWords(const Message& message, Language language, const PluginTexts& plugins) {
    const auto word = [&](const Message& part) { return inWords(part, language, plugins); };
    if (message.code.empty()) return message.text;
    if (message.code == kJoined) return MessageForm::join(message, word);
    const Texts& texts = textsOf(message, language, plugins);
    const std::string* form = formOf(message, texts);
    return form == nullptr ? message.text : formsOf(texts).fill(*form, message, word);
}

Language languageOf(const Message& message, Language language, const PluginTexts& plugins) {
    if (message.code != kJoined)
        return formOf(message, textsOf(message, language, plugins)) != nullptr ? language : Language::English;
    const bool isWhole = std::all_of(message.values.begin(), message.values.end(), [&](const auto& value) {
        return value.second.code.empty() || languageOf(value.second, language, plugins) == language;
    });
    return isWhole ? language : Language::English;
}

std::string inWords(const Message& message, const Texts& texts) {
    return formsOf(texts).say(message);
}

}  // namespace carillon
