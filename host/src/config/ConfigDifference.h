#pragma once

#include "config/Configuration.h"

#include <string>
#include <vector>

namespace carillon {

/// What a reload changes, one line a thing, for people: `+ job sync-x`, `- job old`, `~ job clean: job.schedule
/// 0 3 * * * -> 0 4 * * *`, `~ host: workers.max 4 -> 8`, `+ 12 instances of sync-towns: a, b, c, ...`. Empty: the
/// same. Of a secret it says only that it changed; and of a key with a fault, which may be any name for one. `faults`:
/// those that the configurations do not know of themselves.
std::vector<std::string> differenceOf(const Configuration& before, const Configuration& after,
                                      const std::vector<ConfigFault>& faults = {});

}  // namespace carillon
