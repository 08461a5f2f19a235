#pragma once

#include "api/ApiContext.h"
#include "api/Router.h"

#include <string>

namespace carillon {

/// The REST API, /api/v1, as schemas/openapi.yaml describes it. Its handlers are in ApiReads, ApiRuns and ApiTasks.
class Api {
public:
    explicit Api(const ApiSources& sources) : _context(sources) {}

    void addRoutes(Router& router);

    /// What others that answer like it share with it.
    ApiContext& context() { return _context; }

private:
    ApiContext _context;
};

}  // namespace carillon
