#pragma once

#include <optional>
#include <string>

namespace carillon {

/// Sees to it that the descriptors 0 to 2 are open, so that no file of the program is opened as one of them and written
/// to as if it were a terminal. What is written to a stream that was closed still fails.
void keepStandardStreams();

/// Writes out what is left of std::cout. Why the results did not all arrive; nothing: they did, or nobody reads them
/// any more (`carillon history | head`), which is no fault.
std::optional<std::string> flushResults();

}  // namespace carillon
