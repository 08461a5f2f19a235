#include "api/RunFilter.h"

#include "api/ApiContext.h"

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

}  // namespace carillon
