#pragma once

#include "platform/OpenFile.h"
#include "platform/User.h"

#include <cstdint>
#include <optional>
#include <string>

namespace carillon {

/// The number of this process.
int ownProcessNumber();

/// Another one means that the machine was restarted since; empty: the system does not tell.
std::string bootId();

/// In which numbers of processes mean the same: a container has one of its own; empty: the system does not tell.
std::string processNamespace();

/// What there is to know of a process.
struct ProcessState {
    bool hasEnded = false;    ///< Nobody has waited for it yet.
    std::uint64_t start = 0;  ///< A moment by the system's count, such as clock ticks since the boot; 0: not known.
};

/// Nothing when there is no such process, or when the system does not tell.
std::optional<ProcessState> stateOfProcess(int number);

/// Whether there may be a process of that number: false only when the system says that there is none.
bool mayExist(int number);

/// What came of a request to another process.
enum class StopSent {
    Sent,
    Gone,     ///< That process has ended.
    Unknown,  ///< It is another machine's or container's: nothing can be sent to it from here.
    Refused   ///< It is another user's.
};

/// A process that is to be asked something: as long as this lives, its number is no other process's, where the system
/// has that. Whether it is the one that is meant is to be looked at afterwards.
class ProcessHold {
public:
    explicit ProcessHold(int number);

    /// Asks it to end its run, as `carillon stop` does; it learns who wants it (Interrupts.h). Sent, Gone or Refused.
    StopSent askToStop(const User& who) const;

private:
    int _number;
    OpenFile _process{};
};

}  // namespace carillon
