#include "api/Api.h"

#include "api/ApiJson.h"
#include "api/Filters.h"
#include "api/TaskAnswers.h"

namespace carillon {
namespace {

HttpResponse check(ApiContext& context, const WebCall& call) {
    const auto configuration = context.host.configuration();
    const AskedJob asked = askedJob(configuration, jobToActOn(call, *configuration));
    JsonWriter json;
    json.beginObject().member("job", asked.job.name).key("checks").beginArray();
    bool passed = true;
    const Turnstile::Break aside(context.turns);
    askChecks(context, asked, [&](const Check& check) {
        writeJson<JsonForm::Public>(json, check);
        passed = passed && check.state != CheckState::Failed;
    });
    json.endArray().member("passed", passed).endObject();
    return jsonAnswer(json.takeLine());
}

HttpResponse rejects(ApiContext& context, const WebCall& call) {
    allowOnly(call, {"limit", "cursor", "reason"});
    const auto configuration = context.host.configuration();
    const AskedJob asked = askedJob(configuration, jobOf(call, *configuration));
    RejectQuery query = rejectQueryOf(call);
    query.limit = limitOf(call) + 1;
    auto found = askRejects(context, asked, query);
    const bool more = found.size() == query.limit;
    if (more) found.pop_back();
    JsonPage page;
    for (const auto& reject : found) writeJson<JsonForm::Public>(page.item(), reject);
    return jsonAnswer(page.end(more ? encodeCursor(std::to_string(found.back().id)) : ""));
}

HttpResponse items(ApiContext& context, const WebCall& call) {
    allowOnly(call, {"limit", "cursor", "campaign", "person", "token", "state", "since"});
    const auto configuration = context.host.configuration();
    const AskedJob asked = askedJob(configuration, jobOf(call, *configuration));
    ItemQuery query = itemQueryOf(context, call, asked.job.name);
    query.people = call.caller.mayReadPeople(asked.job.name);
    query.limit = limitOf(call) + 1;
    auto found = askItems(context, asked, query);
    const bool more = found.size() == query.limit;
    if (more) found.pop_back();
    JsonPage page;
    for (const auto& item : found) writeJson<JsonForm::Public>(page.item(), item);
    return jsonAnswer(page.end(more ? encodeCursor(std::to_string(found.back().id)) : ""));
}

}  // namespace

void addTaskRoutes(Router& router, ApiContext& context) {
    router.add("POST", "/api/v1/jobs/{job}/check", Need::Operator,
               [&context](const WebCall& call) { return check(context, call); });
    router.add("GET", "/api/v1/jobs/{job}/rejects", Need::Viewer,
               [&context](const WebCall& call) { return rejects(context, call); });
    router.add("GET", "/api/v1/jobs/{job}/items", Need::Viewer,
               [&context](const WebCall& call) { return items(context, call); });
}

}  // namespace carillon
