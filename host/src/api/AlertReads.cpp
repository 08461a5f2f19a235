#include "api/AlertReads.h"

#include "api/ApiJson.h"
#include "schedule/ZoneDatabase.h"

#include "Poco/Exception.h"

#include <charconv>

namespace carillon {
namespace {

/// Rows that are looked at for one page of who may see some jobs only, and of these so many at a time.
constexpr std::size_t kMostAlertsLookedAt = 10'000;
constexpr std::size_t kAlertsAtATime = 500;

std::string placeText(const AlertQuery::Place& place) {
    return std::to_string(place.createdAt.time_since_epoch().count()) + ' ' + place.id;
}

AlertQuery::Place placeOf(const std::string& text) {
    std::int64_t micros = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), micros);
    if (error != std::errc{} || *end != ' ')
        throw HttpRefusal(problem(400, "", "the cursor is none that this host gave"));
    return {TimePoint(std::chrono::microseconds(micros)), end + 1};
}

bool maySee(const Caller& caller, const std::string& job) {
    return job.empty() ? !caller.isLimited() : caller.mayView(job);
}

HttpResponse alerts(ApiContext& context, const WebCall& call) {
    allowOnly(call, {"limit", "cursor", "job", "kind", "channel", "state", "since", "until"});
    AlertQuery query = alertQueryOf(context, call);
    query.limit = limitOf(call);
    const auto found = visibleAlerts(context, call.caller, query);
    JsonPage page;
    for (const auto& row : found.rows) writeAlert(page.item(), row);
    return jsonAnswer(page.end(found.next.empty() ? "" : encodeCursor(found.next)));
}

}  // namespace

AlertWords alertWordsOf(const WebCall& call) {
    const auto word = [&call](const char* name) { return call.request.query.get(name, ""); };
    return {word("job"), word("kind"), word("channel"), word("state"), word("since"), word("until")};
}

AlertQuery alertQueryOf(ApiContext& context, const WebCall& call) {
    AlertQuery query;
    try {
        apply(alertWordsOf(call), *findTimeZone(context.host.configuration()->host.timezone), context.clock.now(),
              query);
    } catch (const Poco::SyntaxException& e) {
        throw HttpRefusal(problem(400, "", e.message()));
    }
    if (!query.job.empty() && !call.caller.mayView(query.job)) refuseJob(query.job);
    if (const auto place = cursorOf(call)) query.after = placeOf(*place);
    return query;
}

VisibleAlerts visibleAlerts(ApiContext& context, const Caller& caller, AlertQuery query) {
    const std::size_t most = query.limit;
    VisibleAlerts found;
    query.limit = caller.isLimited() ? kAlertsAtATime : most + 1;
    for (std::size_t looked = 0; looked < kMostAlertsLookedAt; looked += query.limit) {
        auto rows = context.alerts.read(query);
        for (auto& row : rows) {
            if (!maySee(caller, row.alert.job)) continue;
            if (found.rows.size() == most) {
                found.next = placeText({found.rows.back().createdAt, found.rows.back().id});
                return found;
            }
            found.rows.push_back(std::move(row));
        }
        if (rows.size() < query.limit) return found;
        query.after = AlertQuery::Place{rows.back().createdAt, rows.back().id};
    }
    found.next = placeText(*query.after);
    return found;
}

void addAlertRoutes(Router& router, ApiContext& context) {
    router.add("GET", "/api/v1/alerts", Need::Viewer,
               [&context](const WebCall& call) { return alerts(context, call); });
}

}  // namespace carillon
