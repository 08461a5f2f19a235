#include "platform/ProcessFacts.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>

namespace carillon {

int ownProcessNumber() {
    return ::getpid();
}

std::string bootId() {
    return "";
}

std::string processNamespace() {
    return "";
}

std::optional<ProcessState> stateOfProcess(int) {
    return std::nullopt;
}

bool mayExist(int number) {
    return ::kill(number, 0) == 0 || errno != ESRCH;
}

ProcessHold::ProcessHold(int number) : _number(number) {}

/// The signal carries nothing here: sigqueue() is not everywhere.
StopSent ProcessHold::askToStop(const User&) const {
    if (::kill(_number, SIGTERM) == 0) return StopSent::Sent;
    return errno == ESRCH ? StopSent::Gone : StopSent::Refused;
}

}  // namespace carillon
