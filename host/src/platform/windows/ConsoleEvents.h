#pragma once

namespace carillon {

/// What a console or the system tells a process: calls `handler` with SIGINT, SIGBREAK or SIGTERM (its end, that of a
/// session or of the machine) on a thread of the system's. The process has some seconds after the last of these.
/// A service is not told of the end of sessions. Once.
void watchConsole(void (*handler)(int));

}  // namespace carillon
