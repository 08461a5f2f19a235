#pragma once

#include "carillon/Message.h"
#include "words/Texts.h"

#include <string>

namespace carillon {

/// What the host says wherever it is read, on a page, in a terminal or in a mail: texts/en.properties and
/// texts/fr.properties of this folder. What only pages say, or only the command line, is in texts of theirs.
const Texts& hostTexts(Language language);

/// A message of the host's own, complete with its English text; its code is `host.KEY`.
Message sayHost(const std::string& key, Message::Values values = {});

}  // namespace carillon
