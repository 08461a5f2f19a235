#pragma once

#include <system_error>

namespace carillon {

/// Sees to it that stdin, stdout and stderr are open, so that no file of the program is opened as one of them and
/// written to as if it were a terminal. What is written to a stream that was closed still fails.
void keepStandardStreams();

/// False: stdout is a pipe, and its reader is gone.
bool hasStdoutReader();

/// Writes the end of a line to stdout, past all buffers: why that fails, no error when it does not.
std::error_code tryStdout();

}  // namespace carillon
