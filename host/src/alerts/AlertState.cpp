#include "alerts/AlertState.h"

#include "alerts/AlertJson.h"

namespace carillon {
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
