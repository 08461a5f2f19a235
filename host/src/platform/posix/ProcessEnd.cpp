#include "platform/ProcessEnd.h"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>

namespace carillon {

void endWithoutTrace() {
    ::kill(::getpid(), SIGKILL);
    std::abort();  // the signal has come before this
}

}  // namespace carillon
