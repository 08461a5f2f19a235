#pragma once

#include "api/Router.h"
#include "carillon/SyncTask.h"

namespace carillon {

/// `?reason=…&cursor=…` of a list of rejects. Throws HttpRefusal: 400.
RejectQuery rejectQueryOf(const WebCall& call);

}  // namespace carillon
