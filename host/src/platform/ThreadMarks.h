#pragma once

#include <cstdint>
#include <set>

namespace carillon {

/// Marks the calling thread, and with it every thread that it will begin: it tells those from all others.
void markThisThread();

/// The marked threads of this process that live now, by the system's numbers. A system that does not list them, or on
/// which a thread inherits nothing, has none (POSIX alone, Windows).
std::set<std::int64_t> markedThreads();

}  // namespace carillon
