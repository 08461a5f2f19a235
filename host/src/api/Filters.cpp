#include "api/Filters.h"

#include "api/ApiContext.h"
#include "record/Words.h"
#include "schedule/TypedTime.h"
#include "schedule/ZoneDatabase.h"
#include "words/HostTexts.h"

#include "Poco/Exception.h"

#include <algorithm>
#include <charconv>
#include <string_view>

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

/// Before a time, in the place of a run's id.
constexpr char kTimeMark = '@';

TimePoint timeOfCursor(std::string_view text) {
    std::int64_t micros = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), micros);
    if (error != std::errc{} || end != text.data() + text.size())
        throw HttpRefusal(problem(400, "", sayHost("request.cursor")));
    return TimePoint(std::chrono::microseconds(micros));
}

std::string microsText(TimePoint at) {
    return std::to_string(at.time_since_epoch().count());
}

}  // namespace

RunQuery runQueryOf(ApiContext& context, const WebCall& call, const std::string& job) {
    RunQuery query{job};
    query.mostLookedAt = kMostLookedAt;
    applyWords(context, filterWordsOf(call, "outcome"), query);
    const std::string place = cursorOf(call).value_or("");
    if (place.starts_with(kTimeMark))
        query.until = std::min(query.until, timeOfCursor(std::string_view(place).substr(1)));
    else
        query.after = place;
    return query;
}

SlotQuery slotFilterOf(ApiContext& context, const WebCall& call, const std::string& job) {
    SlotQuery query{job};
    query.mostLookedAt = kMostLookedAt;
    applyWords(context, filterWordsOf(call, "end"), query);
    return query;
}

SlotQuery slotQueryOf(ApiContext& context, const WebCall& call, const std::string& job) {
    SlotQuery query = slotFilterOf(context, call, job);
    if (const auto place = cursorOf(call)) query.before = timeOfCursor(*place);
    return query;
}

std::string cutOff(Found<RunRow>& found, const RunQuery& query) {
    if (found.rows.size() == query.limit) {
        found.rows.pop_back();
        return found.rows.back().id;
    }
    return found.lookedBackTo ? kTimeMark + microsText(*found.lookedBackTo) : "";
}

std::string cutOff(Found<SlotRow>& found, const SlotQuery& query) {
    if (found.rows.size() == query.limit) {
        found.rows.pop_back();
        return microsText(found.rows.back().slotAt);
    }
    return found.lookedBackTo ? microsText(*found.lookedBackTo) : "";
}

namespace {

void readPlace(const WebCall& call, std::int64_t& id) {
    const auto place = cursorOf(call);
    if (!place) return;
    const auto [end, error] = std::from_chars(place->data(), place->data() + place->size(), id);
    if (error != std::errc{} || end != place->data() + place->size())
        throw HttpRefusal(problem(400, "", sayHost("request.cursor")));
}

TimePoint instantIn(ApiContext& context, const std::string& text) {
    const auto zone = findTimeZone(context.host.configuration()->host.timezone);
    try {
        return parseTypedTime(text, *zone, context.clock.now(), Toward::Past).from;
    } catch (const Poco::SyntaxException& e) {
        throw HttpRefusal(problem(400, "", "since: " + e.message()));
    }
}

}  // namespace

RejectQuery rejectQueryOf(const WebCall& call) {
    RejectQuery query;
    query.reason = call.request.query.get("reason", "");
    readPlace(call, query.after);
    return query;
}

ItemQuery itemQueryOf(ApiContext& context, const WebCall& call, const std::string& job) {
    const auto word = [&call](const char* name) { return call.request.query.get(name, ""); };
    ItemQuery query;
    query.campaign = word("campaign");
    query.person = word("person");
    query.token = word("token");
    if (query.campaign.find_first_not_of("0123456789") != std::string::npos)
        throw HttpRefusal(problem(400, "", sayHost("request.campaign", {{"given", query.campaign}})));
    if (const std::string state = word("state"); !state.empty()) {
        query.state = enumOf<ItemState>(state);
        if (!query.state) throw HttpRefusal(problem(400, "", sayHost("request.itemstate", {{"given", state}})));
    }
    if (const std::string since = word("since"); !since.empty()) query.since = instantIn(context, since);
    readPlace(call, query.before);
    // Whether somebody of a name is there is what they may not read.
    if (!query.person.empty() && !call.caller.mayReadPeople(job))
        throw HttpRefusal(problem(403, "no-people", sayHost("request.nopeople")));
    return query;
}

}  // namespace carillon
