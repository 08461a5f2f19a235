#include "runner/FrenchTexts.h"

#include "base/FilePath.h"
#include "shared/FoldedText.h"
#include "words/MessageWords.h"

namespace carillon {
namespace {

/// The plugin whose code is in the message; empty: none is. A run has messages of one plugin.
std::string pluginIn(const Message& message) {
    if (!message.code.empty() && message.code != kJoined && !message.code.starts_with(kHostPrefix))
        return message.code.substr(0, message.code.find('.'));
    for (const auto& [name, value] : message.values)
        if (std::string plugin = pluginIn(value); !plugin.empty()) return plugin;
    return "";
}

}  // namespace

std::string FrenchTexts::searched(const Message& message, const std::string& pluginsDir) {
    if (message.code.empty()) return "";
    const auto plugins = of(pluginIn(message), pluginsDir);
    std::string french = folded(inWords(message, Language::French, *plugins));
    return french == folded(message.text) ? "" : french;
}

/// Under the lock while they are read, so that a thousand runs that end at once read them once. Who has them forgotten
/// never waits for that.
std::shared_ptr<const PluginTexts> FrenchTexts::of(const std::string& plugin, const std::string& pluginsDir) {
    static const auto none = std::make_shared<const PluginTexts>();
    if (plugin.empty()) return none;
    const std::lock_guard lock(_mutex);
    if (_isOutdated.exchange(false)) _plugins.clear();
    auto& texts = _plugins[inFolder(pluginsDir, plugin)];
    if (!texts) texts = std::make_shared<const PluginTexts>(pluginsDir, plugin, Language::French);
    return texts;
}

}  // namespace carillon
