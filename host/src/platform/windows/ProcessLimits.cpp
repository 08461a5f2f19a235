#include "platform/ProcessLimits.h"

#include "windows/System.h"

#include <fcntl.h>
#include <io.h>
#include <mmsystem.h>

#include <cstdlib>

namespace carillon {

void prepareProcess() {
    // A library that is loaded by its name alone, such as the client's part of a sign-in that a database asks for,
    // comes from the program's folder or the system's, never from the current folder or PATH.
    ::SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
    // Texts are the same bytes on every system, in files and in pipes.
    _fmode = _O_BINARY;
    for (const int stream : {0, 1, 2}) ::_setmode(stream, _O_BINARY);
    ::SetConsoleOutputCP(CP_UTF8);
}

/// There is no such limit; this is how many a process has ever been seen to open.
std::uint64_t openFileLimit() {
    return 1 << 24;
}

void raiseOpenFileLimit(std::uint64_t) {}

void keepFewHeaps() {}

void lowerThisThread() noexcept {
    ::SetThreadPriority(::GetCurrentThread(), THREAD_PRIORITY_BELOW_NORMAL);
}

void wakeThisThreadOnTime() {
    ::timeBeginPeriod(1);  // milliseconds, instead of 16
}

}  // namespace carillon
