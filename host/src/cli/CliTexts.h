#pragma once

#include "carillon/Message.h"
#include "carillon/RunReport.h"
#include "config/HostConfig.h"
#include "record/SlotReason.h"
#include "words/PluginTexts.h"
#include "words/Texts.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace carillon {

/// What the command line says, in the language of whoever calls it (preferredLanguage()): texts/en.properties and
/// texts/fr.properties of this folder.
const Texts& cliTexts();
const Texts& cliTexts(Language language);

/// One of them with its values; of KEY.one and KEY.many the value `n` chooses. `{n}` has digits only, `{#n}` is as the
/// language writes numbers.
std::string cliText(const std::string& key, const Message::Values& values = {});

/// What the host itself says (sayHost).
std::string told(const Message& message);

/// The heads of a table: `head.KEY` of each.
std::vector<std::string> tableHeads(std::initializer_list<const char*> keys);

/// Tells in that language what tasks and the host said. Reads what plugins call things when it is made.
class MessageTeller {
public:
    explicit MessageTeller(const HostConfig& host);

    std::string tell(const Message& message) const;
    /// What the plugin calls a thing of its own, `kind.name` in its texts; in English, and where it has no text, it is
    /// `otherwise`.
    std::string call(const std::string& plugin, const std::string& kind, const std::string& name,
                     const std::string& otherwise) const;

private:
    const Language _language;
    PluginTexts _plugins{};
};

/// What the host says, in that language; what plugins say among it stays in English.
std::string hostText(const Message& message);

/// `0.42 s`, `0,42 s`.
std::string secondsText(double seconds);

/// Nothing: it runs.
std::string outcomeWord(const std::optional<Outcome>& outcome);
/// textOf() of it.
std::string reasonWords(const SlotReason& reason);

}  // namespace carillon
