#pragma once

#include "serve/HostActions.h"
#include "web/Router.h"

namespace carillon {

/// GET /healthz: 200 `ok` as long as the host lives. GET /readyz: 200 `ready`, or 503 and, for who may look, a problem
/// a line. Neither needs a sign-in. Borrows the actions.
void addHealthRoutes(Router& router, HostActions& actions);

}  // namespace carillon
