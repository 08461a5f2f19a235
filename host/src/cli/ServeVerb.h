#pragma once

#include "cli/Cli.h"

#include <memory>

namespace carillon {

/// The configuration of a host that is to serve; throws UsageError after printing every fault of it.
std::shared_ptr<const Configuration> requireServable(const Cli& cli);

/// Makes this process fit for a host. Before its first thread.
void prepareToServe();

}  // namespace carillon
