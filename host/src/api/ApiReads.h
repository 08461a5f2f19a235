#pragma once

#include "api/ApiContext.h"

namespace carillon {

/// What may be looked at: the host's status, the jobs, their runs, their ledger and their next firings.
void addReadRoutes(Router& router, ApiContext& context);

/// The object of `GET /api/v1/jobs/{job}`, on one line. Throws StoreException.
std::string jobJson(ApiContext& context, const JobRef& ref, const JobState& state);

}  // namespace carillon
