#pragma once

#include "report/Metrics.h"
#include "web/ApiContext.h"
#include "web/Router.h"

namespace carillon {

/// `GET /metrics`, for Prometheus: how the host stands, and the figures of the jobs that may be seen. What changes by
/// itself is asked of the host at that moment. Borrows what the sources name, and the metrics.
void addMetricsRoute(Router& router, const ApiSources& sources, Metrics& metrics);

}  // namespace carillon
