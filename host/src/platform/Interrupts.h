#pragma once

#include "platform/User.h"

#include <optional>
#include <string>

namespace carillon {

/// The requests to end one command that have come: Ctrl-C, the end of a session or of the machine, `carillon stop`.
struct Interrupts {
    int count = 0;
    int last = 0;               ///< The number of its signal.
    bool isOfTerminal = false;  ///< The last one: somebody at the terminal wants no more of it.
    std::optional<User> by{};   ///< Who sent one with `carillon stop`.
};

/// From now on they do not end the process, but are counted.
void watchInterrupts();

/// Any thread.
Interrupts interruptsSoFar();

/// Such as SIGTERM.
std::string nameOfSignal(int number);

}  // namespace carillon
