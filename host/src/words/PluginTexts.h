#pragma once

#include "words/Texts.h"

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <string>

namespace carillon {

/// What plugins call their own things, from PLUGIN.en.properties and PLUGIN.fr.properties beside their libraries:
/// `task.TASK.run` what starts a run, `counter.NAME`, `check.NAME`, `detail.NAME` of a check, `reason.NAME` of a
/// reject; and what each of its messages says, by its code (carillon/Message.h). Each file may be missing, and so may
/// each key: then the host uses words of its own, the name itself, or the message's English text.
/// Immutable, safe from any thread.
class PluginTexts {
public:
    static constexpr std::size_t kMostBytes = 64 << 10;  ///< Of one file.
    static constexpr std::size_t kMostFiles = 200;       ///< Those beyond are not read.

    /// For each file that is there and not taken: its path, and why as the rest of a sentence.
    using Refused = std::function<void(const std::string& path, const std::string& why)>;

    PluginTexts() = default;
    /// Reads what is in the folder of plugins. What nobody but root and this user can have written is taken, as with
    /// the libraries.
    PluginTexts(const std::string& folder, const Refused& refused);

    /// Of one plugin and in one language only.
    PluginTexts(const std::string& folder, const std::string& plugin, Language language);

    /// Empty where the plugin has none.
    const Texts& of(const std::string& plugin, Language language) const;

private:
    std::map<std::string, Texts> _files{};  // by name: PLUGIN.en
};

}  // namespace carillon
