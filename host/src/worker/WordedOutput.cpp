#include "worker/WordedOutput.h"

#include "base/EachText.h"
#include "base/FilePath.h"
#include "plugins/PluginLibrary.h"
#include "words/MessageWords.h"

#include <filesystem>
#include <variant>

namespace carillon {

void WordedOutput::say(TaskMessage message) {
    // Lines of the log have none, and may come on any thread.
    if (!std::holds_alternative<LogMessage>(message) && !std::holds_alternative<Secret>(message))
        std::visit([this](auto& said) { eachMessage(said, [this](Message& one) { complete(one); }); }, message);
    _output.say(std::move(message));
}

/// From the innermost value on: what is joined or filled in has its text then.
void WordedOutput::complete(Message& message) {
    if (message.code.empty()) return;
    const bool isJoined = message.code == kJoined;
    if (isJoined) message.text.clear();
    for (auto& [name, value] : message.values) {
        complete(value);
        if (isJoined) message.text += value.text;
    }
    if (isJoined) return;
    if (message.code.starts_with(kHostPrefix)) {
        message.text = inWords(message, Language::English, PluginTexts());
        return;
    }
    if (message.text.empty()) message.text = inWords(message, texts());
    message.code.insert(0, pluginOf(_library) + '.');
}

const Texts& WordedOutput::texts() {
    const std::string plugin = pluginOf(_library);
    if (!_texts) _texts.emplace(textOf(pathFrom(_library).parent_path()), plugin, Language::English);
    return _texts->of(plugin, Language::English);
}

}  // namespace carillon
