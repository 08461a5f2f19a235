#pragma once

#include "base/ConfigSource.h"
#include "config/Configuration.h"

#include <vector>

namespace carillon {

/// What is neither wrong nor odd, and surprises who does not know it: job files none of whose jobs fires by itself, and
/// files in the folder of jobs that nothing reads.
std::vector<ConfigFault> notesOf(const Configuration& configuration);

}  // namespace carillon
