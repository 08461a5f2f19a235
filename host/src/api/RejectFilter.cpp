#include "api/RejectFilter.h"

#include "api/ApiContext.h"

#include <charconv>

namespace carillon {

RejectQuery rejectQueryOf(const WebCall& call) {
    RejectQuery query;
    query.reason = call.request.query.get("reason", "");
    const auto place = cursorOf(call);
    if (!place) return query;
    const auto [end, error] = std::from_chars(place->data(), place->data() + place->size(), query.after);
    if (error != std::errc{} || end != place->data() + place->size())
        throw HttpRefusal(problem(400, "", "the cursor is none that this host gave"));
    return query;
}

}  // namespace carillon
