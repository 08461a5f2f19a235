#pragma once

#include "cli/Cli.h"

namespace carillon {

/// Adds the verbs that only this system has.
void addSystemVerbs(Cli& cli);

}  // namespace carillon
