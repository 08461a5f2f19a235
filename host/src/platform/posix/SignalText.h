#pragma once

#include <string>

namespace carillon {

/// Such as SIGTERM; empty for a signal without one.
std::string abbreviationOf(int signal);

/// Such as "Terminated"; empty for a signal without one.
std::string textOf(int signal);

}  // namespace carillon
