#pragma once

#include "api/Router.h"
#include "carillon/Rejects.h"
#include "store/RunTable.h"

#include <string>

namespace carillon {

/// `?outcome=…&cursor=…` of a list of runs. Throws HttpRefusal: 400.
RunQuery runQueryOf(const WebCall& call, const std::string& job);

/// `?reason=…&cursor=…` of a list of rejects. Throws HttpRefusal: 400.
RejectQuery rejectQueryOf(const WebCall& call);

}  // namespace carillon
