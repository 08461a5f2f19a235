#pragma once

#include <cstdint>

namespace carillon {

/// For every command: nothing that this process makes is for others to read, nor for its group where the starter does
/// not want that; a broken pipe is an error alone; and the ends of children can be learned. Before the first thread.
void prepareProcess();

/// How many files and connections this process may have open.
std::uint64_t openFileLimit();

/// Raises that to `enough`, or as far as the process may.
void raiseOpenFileLimit(std::uint64_t enough);

/// For a process of many threads: what one frees, others can use. Before the second thread; nothing where the C library
/// has no such choice.
void keepFewHeaps();

/// The calling thread has a tenth of the weight of the process's others from now on; nothing where the system weighs
/// only processes.
void lowerThisThread() noexcept;

/// The calling thread wakes on time, and not when it suits the system.
void wakeThisThreadOnTime();

}  // namespace carillon
