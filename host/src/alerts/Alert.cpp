#include "alerts/Alert.h"

#include "base/JsonValue.h"
#include "base/JsonWriter.h"

#include "Poco/DigestEngine.h"
#include "Poco/Exception.h"
#include "Poco/SHA2Engine.h"

namespace carillon {
namespace {

/// How the store keeps moments of alerts: microseconds since 1970, and no member for one that there is not.
void put(JsonWriter& json, std::string_view name, const std::optional<TimePoint>& at) {
    if (at) json.member(name, at->time_since_epoch().count());
}

TimePoint instantOf(const JsonValue& json) {
    return TimePoint(std::chrono::microseconds(json.number<std::int64_t>()));
}

std::optional<TimePoint> timeOf(const JsonValue& json, std::string_view name) {
    return json.has(name) ? std::optional(instantOf(json[name])) : std::nullopt;
}

}  // namespace

std::string alertJson(const Alert& alert) {
    JsonWriter json;
    json.beginObject().member("kind", alertKindName(alert.kind)).member("job", alert.job);
    json.member("title", alert.title).member("host", alert.host).member("event", alert.event);
    json.member("run", alert.run).member("message", alert.message);
    json.member("count", alert.count).member("before", alert.before);
    put(json, "at", alert.at);
    put(json, "since", alert.since);
    put(json, "last_success", alert.lastSuccess);
    return json.endObject().text();
}

Alert alertFromJson(std::string_view text) {
    const JsonValue json = JsonValue::parse(text);
    Alert alert;
    const auto kind = alertKindOf(json["kind"].text());
    if (!kind) throw Poco::DataFormatException("no kind of alert: " + json["kind"].text());
    alert.kind = *kind;
    alert.job = json["job"].text();
    alert.title = json["title"].text();
    alert.host = json["host"].text();
    alert.event = json["event"].text();
    alert.run = json["run"].text();
    alert.message = json["message"].text();
    alert.count = json["count"].number<std::int64_t>();
    alert.before = json["before"].number<std::int64_t>();
    alert.at = timeOf(json, "at").value_or(TimePoint{});
    alert.since = timeOf(json, "since");
    alert.lastSuccess = timeOf(json, "last_success");
    return alert;
}

Alert readAlert(std::string_view json, const std::string& job) {
    try {
        return alertFromJson(json);
    } catch (const Poco::DataFormatException& e) {
        Alert alert;
        alert.job = job;
        alert.message = "this alert cannot be read (" + e.message() + ")";
        return alert;
    }
}

std::string alertHash(const std::string& text) {
    Poco::SHA2Engine engine;
    engine.update(text);
    return Poco::DigestEngine::digestToHex(engine.digest()).substr(0, 32);
}

std::string alertStateJson(const AlertState& state) {
    JsonWriter json;
    json.beginObject().member("failures", state.failures);
    put(json, "failing_since", state.failingSince);
    if (state.awaited) {
        json.key("awaited").beginObject().member("run", state.awaited->run).member("message", state.awaited->message);
        put(json, "finished_at", state.awaited->finishedAt);
        json.endObject();
    }
    json.member("failure_told", state.failureTold).member("late_told", state.lateTold);
    put(json, "late_slot", state.lateSlot);
    json.member("backlog", state.backlog).member("growth", state.growth).member("grown_from", state.grownFrom);
    put(json, "growing_since", state.growingSince);
    json.key("told_at").beginObject();
    for (const auto& [kind, at] : state.toldAt) put(json, alertKindName(kind), at);
    json.endObject();
    put(json, "seen_until", state.seenUntil);
    json.key("recent_runs").beginArray();
    for (const auto& run : state.recentRuns) json.value(run);
    return json.endArray().endObject().text();
}

AlertState alertStateFromJson(std::string_view text) {
    const JsonValue json = JsonValue::parse(text);
    AlertState state;
    state.failures = json["failures"].number<std::int64_t>();
    state.failingSince = timeOf(json, "failing_since");
    if (json.has("awaited")) {
        const JsonValue& awaited = json["awaited"];
        state.awaited = {awaited["run"].text(), awaited["message"].text(), instantOf(awaited["finished_at"])};
    }
    state.failureTold = json["failure_told"].flag();
    state.lateTold = json["late_told"].flag();
    state.lateSlot = timeOf(json, "late_slot");
    state.backlog = json["backlog"].number<std::int64_t>();
    state.growth = json["growth"].number<std::int64_t>();
    state.grownFrom = json["grown_from"].number<std::int64_t>();
    state.growingSince = timeOf(json, "growing_since");
    for (const auto& [name, at] : json["told_at"].members())
        if (const auto kind = alertKindOf(name)) state.toldAt[*kind] = instantOf(at);
    state.seenUntil = instantOf(json["seen_until"]);
    for (const auto& run : json["recent_runs"].members()) state.recentRuns.push_back(run.value.text());
    return state;
}

}  // namespace carillon
