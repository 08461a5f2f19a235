#pragma once

#include "api/ApiContext.h"
#include "api/Router.h"
#include "metrics/Metrics.h"

namespace carillon {

/// `GET /metrics`, for Prometheus: how the host stands, and the figures of the jobs that may be seen. What changes by
/// itself is asked of the host at that moment. Borrows context and metrics.
void addMetricsRoute(Router& router, ApiContext& context, Metrics& metrics);

}  // namespace carillon
