#pragma once

#include "api/ApiContext.h"
#include "scheduler/RunRequest.h"

#include <string>

namespace carillon {

/// The job of the run that the path names, which the caller may see. Throws HttpRefusal: 404, there is none;
/// StoreException.
std::string jobOfRun(ApiContext& context, const WebCall& call);
/// The same for an act: 403 as well.
std::string jobOfRunToActOn(ApiContext& context, const WebCall& call);

/// Has the run of that id end, or, without one, what the job runs, was asked for or would try again; the caller's name
/// is noted. Throws HttpRefusal: 409 there is nothing to stop, and why; StoreException.
StopResult stopRuns(ApiContext& context, const WebCall& call, const std::string& job, const std::string& run = {});

}  // namespace carillon
