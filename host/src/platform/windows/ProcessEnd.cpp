#include "platform/ProcessEnd.h"

#include "windows/ProcessCodes.h"

#include <cstdlib>

namespace carillon {

void endWithoutTrace() {
    ::TerminateProcess(::GetCurrentProcess(), kKilledCode);
    std::abort();  // the process has ended before this
}

}  // namespace carillon
