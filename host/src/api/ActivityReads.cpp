#include "api/ActivityReads.h"

#include "api/ApiJson.h"
#include "schedule/TypedTime.h"
#include "schedule/ZoneDatabase.h"
#include "words/HostTexts.h"

#include "Poco/Exception.h"

#include <charconv>
#include <string>

namespace carillon {
namespace {

/// Rows that are looked at for one page, and of these so many at a time.
constexpr std::size_t kMostActsLookedAt = 10'000;
constexpr std::size_t kAtATime = 500;

std::int64_t cursorNumberOf(const WebCall& call) {
    const auto place = cursorOf(call);
    if (!place) return 0;
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(place->data(), place->data() + place->size(), id);
    if (error != std::errc{} || end != place->data() + place->size() || id <= 0)
        throw HttpRefusal(problem(400, "", sayHost("request.cursor")));
    return id;
}

std::string namesOfActs() {
    std::string names;
    for (const auto name : kEnumNames<Act>) names.append(names.empty() ? "" : ", ").append(name);
    return names;
}

TypedTime timeOf(ApiContext& context, const char* name, const std::string& text) {
    const auto zone = findTimeZone(context.host.configuration()->host.timezone);
    try {
        return parseTypedTime(text, *zone, context.clock.now(), Toward::Past);
    } catch (const Poco::SyntaxException& e) {
        throw HttpRefusal(problem(400, "", std::string(name) + ": " + e.message()));
    }
}

HttpResponse activity(ApiContext& context, const WebCall& call) {
    allowOnly(call, {"limit", "cursor", "job", "by", "what", "since", "until"});
    ActivityQuery query = activityQueryOf(context, call);
    query.limit = limitOf(call);
    const auto found = visibleActivity(context, call.caller, query);
    JsonPage page;
    for (const auto& row : found.rows) writeJson<JsonForm::Public>(page.item(), row);
    return jsonAnswer(page.end(found.next == 0 ? "" : encodeCursor(std::to_string(found.next))));
}

}  // namespace

bool seesAllActivity(const Caller& caller) {
    return caller.who && caller.who->role == Role::Operator && !caller.isLimited();
}

ActivityQuery activityQueryOf(ApiContext& context, const WebCall& call) {
    ActivityQuery query;
    query.job = call.request.query.get("job", "");
    query.by = call.request.query.get("by", "");
    query.before = cursorNumberOf(call);
    if (!query.job.empty() && !call.caller.mayView(query.job)) refuseJob(query.job);
    if (const std::string what = call.request.query.get("what", ""); !what.empty()) {
        query.what = enumOf<Act>(what);
        if (!query.what)
            throw HttpRefusal(problem(400, "", sayHost("request.act", {{"given", what}, {"known", namesOfActs()}})));
    }
    if (const std::string since = call.request.query.get("since", ""); !since.empty())
        query.since = timeOf(context, "since", since).from;
    if (const std::string until = call.request.query.get("until", ""); !until.empty())
        query.until = timeOf(context, "until", until).until;
    return query;
}

VisibleActivity visibleActivity(ApiContext& context, const Caller& caller, ActivityQuery query) {
    const std::size_t most = query.limit;
    const bool seesAll = seesAllActivity(caller);
    VisibleActivity found;
    query.limit = seesAll ? most + 1 : kAtATime;
    for (std::size_t looked = 0; looked < kMostActsLookedAt; looked += query.limit) {
        auto rows = context.stores.with([&](RunStore& store) { return store.activity(query); });
        for (auto& row : rows) {
            if (!seesAll && (row.job.empty() || !caller.mayView(row.job))) continue;
            if (found.rows.size() == most) {
                found.next = found.rows.back().id;
                return found;
            }
            if (!seesAll) row.actor.address.clear();
            found.rows.push_back(std::move(row));
        }
        if (rows.size() < query.limit) return found;
        query.before = rows.back().id;
    }
    found.next = query.before;
    return found;
}

void addActivityRoutes(Router& router, ApiContext& context) {
    router.add("GET", "/api/v1/activity", Need::Viewer,
               [&context](const WebCall& call) { return activity(context, call); });
}

}  // namespace carillon
