#pragma once

#include "api/ApiContext.h"

namespace carillon {

/// What a job's task answers beside its runs, from a process of its own: checks and rejects.
void addTaskRoutes(Router& router, ApiContext& context);

}  // namespace carillon
