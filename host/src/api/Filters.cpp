#include "api/Filters.h"

#include "api/ApiContext.h"
#include "schedule/ZoneDatabase.h"

#include "Poco/Exception.h"

#include <charconv>

namespace carillon {

FilterWords filterWordsOf(const WebCall& call, const char* outcome) {
    const auto word = [&call](const char* name) { return call.request.query.get(name, ""); };
    return {word("since"), word("until"), word(outcome), word("trigger"), word("longer"), word("text")};
}

namespace {

template <class Query>
void applyWords(ApiContext& context, const FilterWords& words, Query& query) {
    try {
        apply(words, *findTimeZone(context.host.configuration()->host.timezone), context.clock.now(), query);
    } catch (const Poco::SyntaxException& e) {
        throw HttpRefusal(problem(400, "", e.message()));
    }
}

}  // namespace

RunQuery runQueryOf(ApiContext& context, const WebCall& call, const std::string& job) {
    RunQuery query{job};
    query.after = cursorOf(call).value_or("");
    applyWords(context, filterWordsOf(call, "outcome"), query);
    return query;
}

SlotQuery slotFilterOf(ApiContext& context, const WebCall& call, const std::string& job) {
    SlotQuery query{job};
    applyWords(context, filterWordsOf(call, "end"), query);
    return query;
}

SlotQuery slotQueryOf(ApiContext& context, const WebCall& call, const std::string& job) {
    SlotQuery query = slotFilterOf(context, call, job);
    const auto place = cursorOf(call);
    if (!place) return query;
    std::int64_t micros = 0;
    const auto [end, error] = std::from_chars(place->data(), place->data() + place->size(), micros);
    if (error != std::errc{} || end != place->data() + place->size())
        throw HttpRefusal(problem(400, "", "the cursor is none that this host gave"));
    query.before = TimePoint(std::chrono::microseconds(micros));
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
