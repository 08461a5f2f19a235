#pragma once

#include "api/ApiContext.h"

namespace carillon {

/// What may be begun and held up: run, replay, stop, pause and resume. A run is answered as soon as it is claimed.
void addRunRoutes(Router& router, ApiContext& context);

}  // namespace carillon
