#pragma once

#include "carillon/Message.h"
#include "words/Texts.h"

#include <string>

namespace carillon {

/// What the host says wherever it is read, on a page, in a terminal or in a mail: texts/en.properties and
/// texts/fr.properties of this folder; faults.en and faults.fr have what is wrong with files and what is in them. What
/// only pages say, or only the command line, is in texts of theirs.
const Texts& hostTexts(Language language);

/// A message of the host's own, complete with its English text; its code is `host.KEY`.
Message sayHost(const std::string& key, Message::Values values = {});

/// The same with the English text of each code of the host's in it, which what is below the texts, and the SDK, leave
/// out. Such a text is written anew from its values.
Message withHostTexts(Message message);

}  // namespace carillon
