#pragma once

#include "api/ApiContext.h"
#include "api/Router.h"
#include "carillon/Items.h"
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

/// Of a query with one row more than the page has: takes that row out and returns the cursor of the next page, which
/// goes on where not all was looked at; empty: there is none.
std::string cutOff(Found<RunRow>& found, const RunQuery& query);
std::string cutOff(Found<SlotRow>& found, const SlotQuery& query);

/// `?reason=…&cursor=…` of a list of rejects. Throws HttpRefusal: 400.
RejectQuery rejectQueryOf(const WebCall& call);

/// `?campaign=…&person=…&token=…&state=…&since=…&cursor=…` of a list of items of the job, without `people` and limit.
/// Throws HttpRefusal: 400; 403 where who may not read what concerns people asks for a person.
ItemQuery itemQueryOf(ApiContext& context, const WebCall& call, const std::string& job);

}  // namespace carillon
