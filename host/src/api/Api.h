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

/// What may be looked at: the host's status, the jobs, their runs, their ledger and their next firings.
void addReadRoutes(Router& router, ApiContext& context);
/// What may be begun and held up: run, replay, dismiss, stop, pause and resume. A run is answered as soon as it is
/// claimed.
void addRunRoutes(Router& router, ApiContext& context);
/// What a job's task answers beside its runs, from a process of its own: checks, rejects and items.
void addTaskRoutes(Router& router, ApiContext& context);

/// The object of `GET /api/v1/jobs/{job}`, on one line. Throws StoreException.
std::string jobJson(ApiContext& context, const JobRef& ref, const JobState& state);

}  // namespace carillon
