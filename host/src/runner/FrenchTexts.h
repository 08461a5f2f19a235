#pragma once

#include "carillon/Message.h"
#include "words/PluginTexts.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace carillon {

/// What a French reader finds a run by: what its message says in French, beside which the history keeps the English
/// text. The texts of a plugin are read when its first message comes. Safe from any thread.
class FrenchTexts {
public:
    /// The message in French, folded(); empty where that is its text.
    std::string searched(const Message& message, const std::string& pluginsDir);
    /// They may have changed. Returns at once.
    void forget() { _isOutdated.store(true); }

private:
    std::shared_ptr<const PluginTexts> of(const std::string& plugin, const std::string& pluginsDir);

    std::atomic<bool> _isOutdated{false};
    std::mutex _mutex;
    std::map<std::string, std::shared_ptr<const PluginTexts>> _plugins{};  // by the path of the library's texts
};

}  // namespace carillon
