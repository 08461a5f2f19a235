#pragma once

#include "api/ApiContext.h"
#include "api/Router.h"
#include "carillon/Rejects.h"
#include "store/FilterWords.h"

#include <string>

namespace carillon {

/// The words of a query, whose names are those of FilterWords but for that of the outcome.
FilterWords filterWordsOf(const WebCall& call, const char* outcome);

/// `?outcome=…&since=…&until=…&trigger=…&longer=…&text=…&cursor=…` of a list of runs; `end` instead of outcome of one
/// of slots, without `longer`. Throw HttpRefusal: 400.
RunQuery runQueryOf(ApiContext& context, const WebCall& call, const std::string& job);
SlotQuery slotQueryOf(ApiContext& context, const WebCall& call, const std::string& job);
/// The same without the cursor: a list of the slots of all jobs goes on in another way.
SlotQuery slotFilterOf(ApiContext& context, const WebCall& call, const std::string& job);

/// `?reason=…&cursor=…` of a list of rejects. Throws HttpRefusal: 400.
RejectQuery rejectQueryOf(const WebCall& call);

}  // namespace carillon
