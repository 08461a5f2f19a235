#pragma once

#include "cli/Cli.h"

namespace carillon {

/// Adds the verbs that only this system has.
void addSystemVerbs(Cli& cli);

/// How a host is started here, for the end of a sentence: `carillon serve`, or the key of a text of cliTexts().
extern const char* const kStartsHost;

}  // namespace carillon
