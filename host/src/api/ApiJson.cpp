#include "api/ApiJson.h"

namespace carillon {
namespace {

JsonWriter& textOrNull(JsonWriter& json, std::string_view name, const std::string& text) {
    json.key(name);
    return text.empty() ? json.raw("null") : json.value(std::string_view(text));
}

std::string timeOrEmpty(const std::optional<TimePoint>& at) {
    return at ? toRfc3339(*at) : "";
}

}  // namespace

std::string JsonPage::end(const std::string& next) {
    textOrNull(_json.endArray(), "next", next);
    return _json.endObject().takeLine();
}

void writeMembers(JsonWriter& json, const JobState& job, const std::optional<TimePoint>& snoozedUntil) {
    json.member("job", job.job)
        .member("title", job.title)
        .member("state", jobPhaseName(job.phase))
        .member("enabled", job.enabled);
    textOrNull(json, "next", job.next == kNever ? "" : toRfc3339(job.next));
    textOrNull(json, "retry_at", job.retryAt == kNever ? "" : toRfc3339(job.retryAt));
    textOrNull(json, "run", job.run);
    textOrNull(json, "stopping", job.stopping);
    textOrNull(json, "snoozed_until", timeOrEmpty(snoozedUntil));
}

void write(JsonWriter& json, const JobState& job, const std::optional<TimePoint>& snoozedUntil) {
    json.beginObject();
    writeMembers(json, job, snoozedUntil);
    json.endObject();
}

// The whole report where there is one; else what the row knows.
void write(JsonWriter& json, const RunRow& run) {
    if (run.report && !run.report->empty()) {
        json.raw(*run.report);
        return;
    }
    json.beginObject().member("job", run.job).member("run", run.id).member("trigger", run.trigger);
    json.member("outcome", run.outcome ? std::string(outcomeName(*run.outcome)) : "running");
    json.member("message", run.message);
    json.member("scheduled_at", toRfc3339(run.scheduledAt)).member("started_at", toRfc3339(run.startedAt));
    textOrNull(json, "finished_at", timeOrEmpty(run.finishedAt));
    json.member("attempt", run.attempt).member("host", run.host).endObject();
}

void write(JsonWriter& json, const SlotRow& slot) {
    json.beginObject().member("job", slot.job).member("slot", toRfc3339(slot.slotAt)).member("trigger", slot.trigger);
    json.member("end", slotEndingName(slot.ending)).member("reason", slot.reason);
    textOrNull(json, "run", slot.run);
    json.member("recorded_at", toRfc3339(slot.recordedAt)).endObject();
}

void write(JsonWriter& json, const Reject& reject) {
    json.beginObject().member("id", reject.id).member("received_at", toRfc3339(reject.receivedAt));
    json.member("item", reject.what).member("reason", reject.reason).member("detail", reject.detail);
    textOrNull(json, "run", reject.run).endObject();
}

void write(JsonWriter& json, const Check& check) {
    json.beginObject().member("name", check.name).member("state", checkStateName(check.state));
    json.member("message", check.message).key("details").beginObject();
    for (const auto& [name, value] : check.details) json.member(name, value);
    json.endObject().member("recommendation", check.recommendation).endObject();
}

void write(JsonWriter& json, const JobTrouble& trouble) {
    json.beginObject().member("job", trouble.job).member("kind", troubleName(trouble.kind));
    textOrNull(json, "since", trouble.since == TimePoint{} ? "" : toRfc3339(trouble.since));
    json.member("count", trouble.count);
    textOrNull(json, "run", trouble.run);
    json.member("message", trouble.message).endObject();
}

void write(JsonWriter& json, const HostState& state, const std::vector<JobTrouble>& troubles) {
    const auto& counts = state.scheduler;
    json.beginObject().member("state", state.state).member("host", state.host).member("version", state.version);
    json.member("since", toRfc3339(state.since)).member("workers", state.workersMax);
    json.key("counts").beginObject().member("jobs", counts.jobs).member("enabled", counts.enabled);
    json.member("paused", counts.paused).member("faulty", counts.faulty);
    json.member("running", counts.running).member("waiting", counts.waiting).endObject();
    json.key("problems").beginArray();
    for (const auto& problem : state.problems) json.value(std::string_view(problem));
    json.endArray().key("troubles").beginArray();
    for (const auto& trouble : troubles) write(json, trouble);
    json.endArray().endObject();
}

}  // namespace carillon
