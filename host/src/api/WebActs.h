#pragma once

#include "api/ApiContext.h"
#include "api/Router.h"
#include "record/Activity.h"

#include <string>

namespace carillon {

/// Who sends a request, from where, and whether by a page; Nobody, as long as they did not show who they are.
Actor actorOf(const HttpRequest& request, const Caller& caller);
inline Actor actorOf(const WebCall& call) {
    return actorOf(call.request, call.caller);
}

/// Records that a request was refused for its rights or its token: an act, by the pattern of its route, on a job that
/// the caller may see, or a sign-in. Any other refusal is none of the log's.
void recordRefusal(ApiContext& context, const WebCall& call, const std::string& pattern, const HttpResponse& answer);

}  // namespace carillon
