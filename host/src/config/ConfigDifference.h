#pragma once

#include "config/Configuration.h"

#include <string>
#include <vector>

namespace carillon {

/// What a reload changes, one line a thing, for people: `+ job sync-x`, `- job old`, `~ job clean: job.schedule
/// 0 3 * * * -> 0 4 * * *`, `~ host: workers.max 4 -> 8`, `+ 12 instances of sync-passerelle: a, b, c, ...`. Empty: the
/// same. Of a secret it says only that it changed.
std::vector<std::string> differenceOf(const Configuration& before, const Configuration& after);

}  // namespace carillon
