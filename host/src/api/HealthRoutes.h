#pragma once

#include "api/Router.h"
#include "scheduler/HostActions.h"

#include <string>

namespace carillon {

/// GET /healthz: 200 `ok` as long as the host lives. GET /readyz: 200 `ready`, or 503 and, for who may look, a problem
/// a line. Neither needs a sign-in, nor a turn: of the second kind one is answered at a time. Borrows the actions.
void addHealthRoutes(Router& router, HostActions& actions);

/// Whether one of these answers it.
bool isProbe(const std::string& path);

}  // namespace carillon
