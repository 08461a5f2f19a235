#pragma once

#include "api/ApiContext.h"
#include "scheduler/RunRequest.h"

#include <chrono>
#include <string>

namespace carillon {

/// Whom a request that is sent again begins no second run for.
struct RunOnce {
    std::string caller{};
    std::string key{};  ///< Of the request, such as its Idempotency-Key; empty: it counts as another one each time.
    /// How long to wait for the answer to an earlier request with the same key, of which nothing is known yet.
    std::chrono::milliseconds patience{0};
};

/// Asks the host for a run and returns its id once it is claimed, or that of the run that the key stands for. Throws
/// HttpRefusal: 409 the job is busy or faulty, or the key is in use; 503 it could not begin in time.
std::string beginRun(ApiContext& context, const RunOnce& once, const RunRequest& request);

/// The job of the run that the path names, which the caller may see. Throws HttpRefusal: 404, there is none;
/// StoreException.
std::string jobOfRun(ApiContext& context, const WebCall& call);
/// The same for an act: 403 as well.
std::string jobOfRunToActOn(ApiContext& context, const WebCall& call);

/// Has the run of that id end, or, without one, what the job runs, was asked for or would try again; the caller's name
/// is noted. Throws HttpRefusal: 409 there is nothing to stop, and why; StoreException.
StopResult stopRuns(ApiContext& context, const WebCall& call, const std::string& job, const std::string& run = {});

}  // namespace carillon
