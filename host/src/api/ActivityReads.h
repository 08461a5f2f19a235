#pragma once

#include "api/ApiContext.h"
#include "api/Router.h"
#include "store/ActivityTable.h"

#include <cstdint>
#include <vector>

namespace carillon {

/// A page of the activity log, as somebody may see it.
struct VisibleActivity {
    std::vector<Activity> rows{};
    std::int64_t next = 0;  ///< Where the next page goes on; 0: nowhere.
};

/// Whether they may see all of it: an operator of all jobs. Others see what is about the jobs that they may see,
/// without addresses: no sign-in, no user, no token.
bool seesAllActivity(const Caller& caller);

/// `?job=…&by=…&what=…&since=…&cursor=…`. Throws HttpRefusal: 400; 404 of a job that is not for these eyes.
ActivityQuery activityQueryOf(ApiContext& context, const WebCall& call);

/// Looks at so many rows at most that no answer takes long: a page may hold fewer than there are further ones. Throws
/// StoreException.
VisibleActivity visibleActivity(ApiContext& context, const Caller& caller, ActivityQuery query);

/// `GET /api/v1/activity`. Borrows the context.
void addActivityRoutes(Router& router, ApiContext& context);

}  // namespace carillon
