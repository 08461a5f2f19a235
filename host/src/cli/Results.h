#pragma once

#include <optional>
#include <string>

namespace carillon {

/// Writes out what is left of std::cout. Why the results did not all arrive; nothing: they did, or nobody reads them
/// any more (`carillon history | head`), which is no fault.
std::optional<std::string> flushResults();

}  // namespace carillon
