#pragma once

#include "words/Texts.h"

namespace carillon {

/// What pages say: texts/en.properties and texts/fr.properties of this folder.
const Texts& pageTexts(Language language);

}  // namespace carillon
