#include "runner/ExitStatus.h"

#include <sys/wait.h>

#include <cstring>

namespace carillon {
namespace {

std::string signalName(int number) {
    const char* abbreviation = ::sigabbrev_np(number);
    const char* text = ::sigdescr_np(number);
    return (abbreviation != nullptr ? "SIG" + std::string(abbreviation) : "signal " + std::to_string(number)) +
           (text != nullptr ? " (" + std::string(text) + ")" : "");
}

}  // namespace

std::string describeExit(int status) {
    return WIFSIGNALED(status) ? "crashed with " + signalName(WTERMSIG(status))
                               : "ended the process with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace carillon
