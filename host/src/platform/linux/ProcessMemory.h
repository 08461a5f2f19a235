#pragma once

#include <cstddef>
#include <string>

namespace carillon {

// Places in /proc/PID/statm.
constexpr std::size_t kResidentField = 1;
constexpr std::size_t kDataField = 5;

/// A number of /proc/PID/statm, in bytes; 0 when it cannot be read. `process`: its number, or self.
std::size_t readStatm(const std::string& process, std::size_t field);

}  // namespace carillon
