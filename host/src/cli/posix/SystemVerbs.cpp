#include "cli/SystemVerbs.h"

namespace carillon {

const char* const kStartsHost = "carillon serve";

void addSystemVerbs(Cli&) {}

}  // namespace carillon
