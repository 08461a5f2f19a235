#pragma once

#include "carillon/SyncTask.h"
#include "web/Router.h"

namespace carillon {

/// `?reason=…&cursor=…` of a list of rejects. Throws HttpRefusal: 400.
RejectQuery rejectQueryOf(const WebCall& call);

}  // namespace carillon
