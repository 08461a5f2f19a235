#pragma once

#include "web/ApiContext.h"

namespace carillon {

/// What may be looked at: the host's status, the jobs, their runs, their ledger and their next firings.
void addReadRoutes(Router& router, ApiContext& context);

}  // namespace carillon
