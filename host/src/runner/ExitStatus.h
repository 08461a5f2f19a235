#pragma once

#include <string>

namespace carillon {

/// Of a status that waitpid() gave: `crashed with SIGSEGV (Segmentation fault)` or `ended the process with exit code
/// 3`.
std::string describeExit(int status);

}  // namespace carillon
