#include "control/ControlMessages.h"

#include <chrono>
#include <cstdint>

namespace carillon {
namespace {

using Poco::JSON::Array;
using Poco::JSON::Object;

Object::Ptr newObject() {
    return new Object(Poco::JSON_PRESERVE_KEY_ORDER);
}

std::int64_t micros(TimePoint at) {
    return at.time_since_epoch().count();
}

TimePoint timeOf(const JsonValue& json) {
    return TimePoint(std::chrono::microseconds(json.number<std::int64_t>()));
}

Object::Ptr toJson(const RunIdentity& run) {
    auto json = newObject();
    json->set("job", run.job);
    json->set("run", run.run);
    json->set("trigger", run.trigger);
    json->set("host", run.host);
    json->set("attempt", run.attempt);
    json->set("fence", run.fence);
    json->set("scheduled_at", micros(run.scheduledAt));
    json->set("started_at", micros(run.startedAt));
    return json;
}

RunIdentity identityFromJson(const JsonValue& json) {
    return {json["job"].text(),
            json["run"].text(),
            json["trigger"].text(),
            json["host"].text(),
            json["attempt"].number<int>(),
            json["fence"].number<std::int64_t>(),
            timeOf(json["scheduled_at"]),
            timeOf(json["started_at"])};
}

}  // namespace

Object::Ptr toJson(const RunRequest& ask) {
    auto json = newObject();
    auto set = newObject();
    for (const auto& [key, value] : ask.overrides) set->set(key, value);
    Array::Ptr ids = new Array;
    for (const auto id : ask.replay.ids) ids->add(id);
    auto corrections = newObject();
    for (const auto& [name, text] : ask.replay.corrections) corrections->set(name, text);
    json->set("verb", ask.verb == WorkerRequest::Verb::Replay ? "replay" : "run");
    json->set("job", ask.job);
    json->set("set", set);
    json->set("ids", ids);
    json->set("corrections", corrections);
    json->set("trigger", ask.trigger);
    json->set("timeout_ms", ask.timeout.count());
    json->set("wait", ask.wait);
    return json;
}

RunRequest askFromJson(const JsonValue& json) {
    RunRequest ask;
    if (json["verb"].text() == "replay") ask.verb = WorkerRequest::Verb::Replay;
    ask.job = json["job"].text();
    for (const auto& [key, value] : json["set"].members()) ask.overrides[key] = value.text();
    for (const auto& id : json["ids"].members()) ask.replay.ids.push_back(id.value.number<std::int64_t>());
    for (const auto& [name, text] : json["corrections"].members()) ask.replay.corrections[name] = text.text();
    ask.trigger = json["trigger"].text();
    ask.timeout = std::chrono::milliseconds(json["timeout_ms"].number<std::int64_t>());
    ask.wait = json["wait"].flag();
    return ask;
}

Object::Ptr toJson(const RunResult& result) {
    auto json = newObject();
    json->set("identity", toJson(result.identity));
    json->set("report", toJson(result.report));
    json->set("finished_at", micros(result.finishedAt));
    Array::Ptr faults = new Array;
    for (const auto& fault : result.faults) faults->add(toJson(fault));
    json->set("faults", faults);
    return json;
}

RunResult resultFromJson(const JsonValue& json) {
    RunResult result;
    result.identity = identityFromJson(json["identity"]);
    result.report = reportFromJson(json["report"]);
    result.finishedAt = timeOf(json["finished_at"]);
    for (const auto& fault : json["faults"].members()) result.faults.push_back(faultFromJson(fault.value));
    return result;
}

Object::Ptr toJson(const Holder& holder) {
    auto json = newObject();
    json->set("run", holder.run);
    json->set("host", holder.host);
    json->set("pid", holder.pid);
    json->set("since", micros(holder.since));
    return json;
}

Holder holderFromJson(const JsonValue& json) {
    return {json["run"].text(), json["host"].text(), json["pid"].number<int>(), timeOf(json["since"])};
}

Object::Ptr toJson(const SchedulerState& state) {
    auto json = newObject();
    json->set("jobs", state.jobs);
    json->set("enabled", state.enabled);
    json->set("paused", state.paused);
    json->set("faulty", state.faulty);
    json->set("running", state.running);
    json->set("waiting", state.waiting);
    return json;
}

Object::Ptr toJson(const JobState& state) {
    auto json = newObject();
    json->set("job", state.job);
    json->set("title", state.title);
    json->set("state", std::string(jobPhaseName(state.phase)));
    json->set("enabled", state.enabled);
    json->set("next", state.next == kNever ? Poco::Dynamic::Var() : Poco::Dynamic::Var(toRfc3339(state.next)));
    json->set("retry_at",
              state.retryAt == kNever ? Poco::Dynamic::Var() : Poco::Dynamic::Var(toRfc3339(state.retryAt)));
    json->set("run", state.run);
    json->set("stopping", state.stopping.empty() ? Poco::Dynamic::Var() : Poco::Dynamic::Var(state.stopping));
    return json;
}

Object::Ptr toJson(const StopResult& result) {
    auto json = newObject();
    Array::Ptr runs = new Array;
    for (const auto& run : result.runs) runs->add(toJson(run));
    json->set("runs", runs);
    json->set("ended", toJson(result.ended));
    json->set("withdrawn", result.withdrawn);
    json->set("retries", toJson(result.retries));
    json->set("skipped", toJson(result.skipped));
    return json;
}

StopResult stopResultFromJson(const JsonValue& json) {
    StopResult result;
    for (const auto& run : json["runs"].members()) result.runs.push_back(identityFromJson(run.value));
    result.ended = textsFromJson(json["ended"]);
    result.withdrawn = json["withdrawn"].number<std::size_t>();
    result.retries = textsFromJson(json["retries"]);
    result.skipped = textsFromJson(json["skipped"]);
    return result;
}

Array::Ptr toJson(const std::vector<std::string>& texts) {
    Array::Ptr array = new Array;
    for (const auto& text : texts) array->add(text);
    return array;
}

std::vector<std::string> textsFromJson(const JsonValue& json) {
    std::vector<std::string> texts;
    for (const auto& member : json.members()) texts.push_back(member.value.text());
    return texts;
}

}  // namespace carillon
