#include "api/Filters.h"

#include "api/ApiContext.h"

#include <charconv>

namespace carillon {

RunQuery runQueryOf(const WebCall& call, const std::string& job) {
    RunQuery query{job};
    query.after = cursorOf(call).value_or("");
    const std::string text = call.request.query.get("outcome", "");
    if (text.empty()) return query;
    query.running = text == "running";
    for (const auto outcome : {Outcome::Succeeded, Outcome::NothingToDo, Outcome::Failed, Outcome::Stopped})
        if (text == outcomeName(outcome)) query.outcome = outcome;
    if (!query.running && !query.outcome)
        throw HttpRefusal(problem(
            400, "", "outcome = " + text + ", expected one of succeeded, nothing_to_do, failed, stopped, running"));
    return query;
}

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
