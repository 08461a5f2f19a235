#pragma once

#include "carillon/Message.h"
#include "words/PluginTexts.h"
#include "words/Texts.h"

#include <string>
#include <string_view>

namespace carillon {

/// Codes of the host's own messages begin so; those of a plugin with its name and a point, which the host puts there.
inline constexpr std::string_view kHostPrefix = "host.";

/// A message in a language, by the texts of who said it. Without a text for its code it is what its own text says.
std::string inWords(const Message& message, Language language, const PluginTexts& plugins);

/// A message whose code is a key of these texts, and whose values may have such codes too: as a plugin makes them.
/// Nothing but the code where there is no text for it.
std::string inWords(const Message& message, const Texts& texts);

/// In which language inWords() has it: that one where there is a text for each of its codes, else English.
Language languageOf(const Message& message, Language language, const PluginTexts& plugins);

}  // namespace carillon
