#pragma once

#include "windows/System.h"

namespace carillon {

// Exit codes of processes that did not end by themselves. Those of the system begin with 0xC; these have its mark of
// what is not its own.

/// Ended at once, from outside or by a crash point.
constexpr DWORD kKilledCode = 0xE0000009;

/// abort(), as newer C libraries end it.
constexpr DWORD kAbortedCode = 0xC0000409;

}  // namespace carillon
