#include "platform/ProcessFacts.h"

#include "posix/FileStatus.h"

#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

extern "C" {
#include <sys/pidfd.h>  // without the linkage of its own in this C library
}

namespace carillon {
namespace {

std::string firstLineOf(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

}  // namespace

int ownProcessNumber() {
    return ::getpid();
}

std::string bootId() {
    return firstLineOf("/proc/sys/kernel/random/boot_id");
}

std::string processNamespace() {
    std::error_code unreadable;
    return std::filesystem::read_symlink("/proc/self/ns/pid", unreadable).string();
}

/// The third and the 22nd field of /proc/PID/stat.
std::optional<ProcessState> stateOfProcess(int number) {
    const std::string line = firstLineOf("/proc/" + std::to_string(number) + "/stat");
    const std::size_t nameEnd = line.rfind(')');  // the second field is a name, which may hold blanks and parentheses
    if (nameEnd == std::string::npos) return {};
    std::istringstream fields(line.substr(nameEnd + 1));
    char state = '?';
    ProcessState found;
    fields >> state;
    std::string skipped;
    for (int field = 4; field < 22; ++field) fields >> skipped;
    fields >> found.start;
    found.hasEnded = state == 'Z' || state == 'X';
    return fields ? std::optional(found) : std::nullopt;
}

/// Other users' processes may be hidden in /proc; a signal is refused for them, and not for those that are gone.
bool mayExist(int number) {
    return ::kill(number, 0) == 0 || errno != ESRCH;
}

ProcessHold::ProcessHold(int number) : _number(number), _process(::pidfd_open(number, 0)) {}

StopSent ProcessHold::askToStop(const User& who) const {
    siginfo_t signal{};
    signal.si_signo = SIGTERM;
    signal.si_code = SI_QUEUE;
    signal.si_pid = ::getpid();
    signal.si_uid = ::getuid();
    signal.si_value.sival_int = static_cast<int>(who.number);
    const int result = _process ? ::pidfd_send_signal(descriptorOf(_process), SIGTERM, &signal, 0)
                                : ::sigqueue(_number, SIGTERM, signal.si_value);
    if (result == 0) return StopSent::Sent;
    return errno == ESRCH ? StopSent::Gone : StopSent::Refused;
}

}  // namespace carillon
