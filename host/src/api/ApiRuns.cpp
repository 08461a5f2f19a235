#include "api/Api.h"

#include "api/PauseWish.h"
#include "api/RunStart.h"
#include "api/TaskAnswers.h"
#include "api/WebActs.h"
#include "base/Fields.h"
#include "base/JsonValue.h"
#include "base/JsonWriter.h"
#include "record/DismissWish.h"
#include "record/Run.h"
#include "words/HostTexts.h"

namespace carillon {
namespace {

/// A body that is not there is an empty object.
JsonValue bodyOf(const WebCall& call) {
    const std::string& body = call.request.body;
    // What curl calls a form unless told otherwise may well be JSON.
    const bool isForm =
        call.request.header("Content-Type").starts_with("application/x-www-form-urlencoded") && !body.starts_with('{');
    try {
        JsonValue json = JsonValue::parse(body.empty() || isForm ? "{}" : body);
        if (json.isObject()) return json;
    } catch (const Poco::DataFormatException&) {
    }
    throw HttpRefusal(problem(400, "", sayHost("request.nojson")));
}

void readRun(const JsonValue& body, RunRequest& request) {
    try {
        if (body.has("wait")) request.wait = body["wait"].flag();
    } catch (const Poco::DataFormatException&) {
        throw HttpRefusal(
            problem(400, "", sayHost("request.expected", {{"form", R"({"wait":true} | {"wait":false})"}})));
    }
}

void readReplay(const JsonValue& body, RunRequest& request) {
    request.verb = WorkerRequest::Verb::Replay;
    request.trigger = Trigger::Replay;
    try {
        if (body.has("all") && body["all"].flag() && !body.has("ids") && !body.has("set")) return;
        if (!body.has("all") && body["ids"].isArray())
            for (const auto& id : body["ids"].members()) request.replay.ids.push_back(id.value.number<std::int64_t>());
        if (body.has("set"))
            for (const auto& [name, text] : body["set"].members()) request.replay.corrections[name] = text.text();
    } catch (const Poco::DataFormatException&) {
        request.replay.ids.clear();
    }
    // No id would mean all of them, and what is right for one item is wrong for another.
    if (request.replay.ids.empty() || (request.replay.ids.size() > 1 && !request.replay.corrections.empty()))
        throw HttpRefusal(
            problem(400, "",
                    sayHost("request.expected",
                            {{"form", R"({"ids":[1,2]} | {"ids":[1],"set":{"NAME":"TEXT"}} | {"all":true})"}})));
}

void readDismissal(const JsonValue& body, RunRequest& request) {
    request.verb = WorkerRequest::Verb::Dismiss;
    request.trigger = Trigger::Replay;
    try {
        if (!body["ids"].isArray()) throw Poco::DataFormatException("ids");
        for (const auto& id : body["ids"].members()) request.dismissal.ids.push_back(id.value.number<std::int64_t>());
        request.dismissal.reason = body["reason"].text();
    } catch (const Poco::DataFormatException&) {
        throw HttpRefusal(
            problem(400, "", sayHost("request.expected", {{"form", R"({"ids":[1,2],"reason":"TEXT"})"}})));
    }
    if (const auto fault = faultOfDismissal(request.dismissal)) throw HttpRefusal(problem(400, "", fault->text));
}

HttpResponse accepted(const std::string& job, const std::string& run) {
    JsonWriter json;
    json.beginObject().member("job", job).member("run", run).endObject();
    return jsonAnswer(json.takeLine(), 202).with("Location", "/api/v1/runs/" + run);
}

HttpResponse run(ApiContext& context, const WebCall& call, void (*read)(const JsonValue&, RunRequest&)) {
    RunRequest request;
    const auto configuration = context.host.configuration();
    const JobRef ref = jobToActOn(call, *configuration);
    request.job = ref.name();
    request.trigger = Trigger::Api;
    request.actor = actorOf(call);
    read(bodyOf(call), request);
    requireAbility(context, configuration, ref, request.verb);
    return accepted(request.job,
                    beginRun(context, {call.caller.who->name, call.request.header("Idempotency-Key")}, request));
}

/// `{"until":…,"note":…}`, both of which may be missing.
Pause pauseOf(ApiContext& context, const WebCall& call) {
    const JsonValue body = bodyOf(call);
    try {
        for (const auto& [name, value] : body.members())
            if ((name != "until" && name != "note") || (name == "until" && !value.isNull() && value.text().empty()))
                throw Poco::DataFormatException(name);
        return pauseOf(context, {body.has("until") && !body["until"].isNull() ? body["until"].text() : "",
                                 body.has("note") && !body["note"].isNull() ? body["note"].text() : ""});
    } catch (const Poco::DataFormatException&) {
        throw HttpRefusal(
            problem(400, "",
                    sayHost("request.expected", {{"form", R"({"until":"2026-12-24T18:00:00+01:00","note":"TEXT"})"}})));
    }
}

HttpResponse setPaused(ApiContext& context, const WebCall& call, bool paused) {
    const std::string job = jobToActOn(call, *context.host.configuration()).name();
    const auto pause = paused ? std::optional(pauseOf(context, call)) : std::nullopt;
    const auto changed = context.host.setPaused(job, pause, actorOf(call));
    JsonWriter json;
    json.beginObject().member("job", job).member("paused", paused).member("changed", !changed.empty());
    if (pause) {
        JsonOut<JsonForm::Public> members(json);
        members("until", pause->until);
        members.orNull("note", pause->note);
    }
    return jsonAnswer(json.endObject().takeLine());
}

HttpResponse stop(ApiContext& context, const WebCall& call, const std::string& job, const std::string& run) {
    const StopResult result = stopRuns(context, call, job, run);
    JsonWriter json;
    json.beginObject().member("job", job).key("runs").beginArray();
    for (const auto& stopped : result.runs) json.value(std::string_view(stopped.run));
    json.endArray()
        .member("withdrawn", result.withdrawn)
        .member("slots_skipped", !result.skipped.empty())
        .member("retry_cancelled", !result.retries.empty())
        .endObject();
    return jsonAnswer(json.takeLine(), 202);
}

}  // namespace

void addRunRoutes(Router& router, ApiContext& context) {
    const std::string job = "/api/v1/jobs/{job}";
    router.add("POST", job + "/run", Need::Operator,
               [&context](const WebCall& call) { return run(context, call, readRun); });
    router.add("POST", job + "/replay", Need::Operator,
               [&context](const WebCall& call) { return run(context, call, readReplay); });
    router.add("POST", job + "/dismiss", Need::Operator,
               [&context](const WebCall& call) { return run(context, call, readDismissal); });
    router.add("POST", job + "/pause", Need::Operator,
               [&context](const WebCall& call) { return setPaused(context, call, true); });
    router.add("POST", job + "/resume", Need::Operator,
               [&context](const WebCall& call) { return setPaused(context, call, false); });
    router.add("POST", job + "/stop", Need::Operator, [&context](const WebCall& call) {
        return stop(context, call, jobToActOn(call, *context.host.configuration()).name(), "");
    });
    router.add("POST", "/api/v1/runs/{run}/stop", Need::Operator, [&context](const WebCall& call) {
        return stop(context, call, jobOfRunToActOn(context, call), call.argument("run"));
    });
}

}  // namespace carillon
