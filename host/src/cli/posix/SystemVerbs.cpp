#include "cli/SystemVerbs.h"

namespace carillon {

void addSystemVerbs(Cli&) {}

}  // namespace carillon
