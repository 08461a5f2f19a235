#pragma once

#include "base/ConfigSource.h"
#include "config/Configuration.h"

#include <vector>

namespace carillon {

/// What is neither wrong nor odd, and better known: job files none of whose jobs fires by itself, files in the folder
/// of jobs that nothing reads, and what jobs are expected to do, in words.
std::vector<ConfigFault> notesOf(const Configuration& configuration);

}  // namespace carillon
