#include "api/Api.h"

#include "api/ApiContext.h"
#include "api/ApiJson.h"
#include "api/Filters.h"
#include "calendar/Timetable.h"
#include "schedule/LocalTime.h"
#include "schedule/TimeZone.h"
#include "schedule/ZoneDatabase.h"
#include "store/StoryJson.h"
#include "words/HostTexts.h"

#include <tuple>

namespace carillon {
namespace {

/// Jobs that the scheduler is asked about at a time, so that nothing fires late for an answer.
constexpr std::size_t kJobsAtOnce = 100;
/// Days off and blackouts that are told before a firing.
constexpr std::size_t kOffSlots = 100;

void count(const JobState& job, SchedulerState& counts) {
    ++counts.jobs;
    counts.enabled += job.enabled;
    counts.paused += job.phase == JobPhase::Paused;
    counts.faulty += job.phase == JobPhase::Faulty;
    counts.running += job.phase == JobPhase::Running;
    counts.waiting += job.phase == JobPhase::Waiting;
}

/// As if there were no jobs but those that are for these eyes.
HostState limited(ApiContext& context, const Caller& caller, HostState state) {
    SchedulerState counts;
    const auto configuration = context.host.configuration();
    for (JobNames part{{}, ""};;) {
        part = visibleJobs(caller, *configuration, part.last, kJobsAtOnce);
        for (const auto& job : context.host.jobStates(part.names)) count(job, counts);
        if (part.last.empty()) break;
    }
    const bool isDegraded = counts.faulty > 0 || !state.scheduler.storeProblem.empty();
    if (state.phase != HostPhase::Draining) state.phase = isDegraded ? HostPhase::Degraded : HostPhase::Ready;
    state.scheduler = counts;
    state.problems.clear();
    state.kept.reset();
    return state;
}

HttpResponse status(ApiContext& context, const WebCall& call) {
    allowOnly(call, {});
    HostState state = context.host.state();
    if (call.caller.isLimited()) state = limited(context, call.caller, std::move(state));
    auto troubles = context.standings.read()->troubles;
    std::erase_if(troubles, [&call](const JobTrouble& trouble) { return !call.caller.mayView(trouble.job); });
    for (const auto& trouble : troubles) state.problems.push_back(sentenceOf(trouble, context.clock.now()));
    JsonWriter json;
    write(json, state, troubles);
    return jsonAnswer(json.takeLine());
}

HttpResponse jobs(ApiContext& context, const WebCall& call) {
    allowOnly(call, {"limit", "cursor"});
    const auto [names, last] =
        visibleJobs(call.caller, *context.host.configuration(), cursorOf(call).value_or(""), limitOf(call));
    JsonPage page;
    const auto standings = context.standings.read();
    for (const auto& job : context.host.jobStates(names)) {
        page.item().beginObject();
        writeMembers(page.item(), job, *standings);
        page.item().endObject();
    }
    return jsonAnswer(page.end(last.empty() ? "" : encodeCursor(last)));
}

HttpResponse job(ApiContext& context, const WebCall& call) {
    allowOnly(call, {});
    const JobRef ref = jobOf(call, *context.host.configuration());
    const auto states = context.host.jobStates(std::vector{ref.name()});
    if (states.empty()) refuseJob(ref.name());
    return jsonAnswer(jobJson(context, ref, states.front()) + '\n');
}

HttpResponse runs(ApiContext& context, const WebCall& call) {
    allowOnly(call, {"limit", "cursor", "outcome", "since", "until", "trigger", "longer", "text"});
    const JobRef ref = jobOf(call, *context.host.configuration());
    RunQuery query = runQueryOf(context, call, ref.name());
    query.limit = limitOf(call) + 1;
    auto found = context.stores.with([&](RunStore& store) { return store.search(query); });
    const std::string next = cutOff(found, query);
    JsonPage page;
    for (const auto& row : found.rows) writePublic(page.item(), row);
    return jsonAnswer(page.end(next.empty() ? "" : encodeCursor(next)));
}

HttpResponse run(ApiContext& context, const WebCall& call) {
    allowOnly(call, {});
    const std::string& id = call.argument("run");
    const auto row = context.stores.with([&](RunStore& store) { return store.toldRun(id); });
    if (!row || !call.caller.mayView(row->job)) return problem(404, "no-run", sayHost("request.norun", {{"run", id}}));
    JsonWriter json;
    writePublic(json, *row);
    return jsonAnswer(json.takeLine());
}

/// Of the runs that go on in this host, those whose tasks tell it.
HttpResponse progress(ApiContext& context, const WebCall& call) {
    allowOnly(call, {});
    JsonWriter json;
    json.beginObject().key("items").beginArray();
    for (const auto& [run, entry] : context.progress.all()) {
        if (!call.caller.mayView(entry.job)) continue;
        const Progress& how = entry.progress;
        json.beginObject().member("job", entry.job).member("run", run).member("done", how.done);
        json.key("total");
        how.total > 0 ? json.value(how.total) : json.raw("null");
        json.member("what", how.what.text).endObject();
    }
    return jsonAnswer(json.endArray().endObject().takeLine());
}

HttpResponse slots(ApiContext& context, const WebCall& call) {
    allowOnly(call, {"limit", "cursor", "end", "since", "until", "trigger", "text"});
    const JobRef ref = jobOf(call, *context.host.configuration());
    SlotQuery query = slotQueryOf(context, call, ref.name());
    query.limit = limitOf(call) + 1;
    auto found = context.stores.with([&](RunStore& store) { return store.search(query); });
    const std::string next = cutOff(found, query);
    JsonPage page;
    for (const auto& row : found.rows) writePublic(page.item(), row);
    return jsonAnswer(page.end(next.empty() ? "" : encodeCursor(next)));
}

HttpResponse why(ApiContext& context, const WebCall& call) {
    allowOnly(call, {"at"});
    const JobRef ref = jobOf(call, *context.host.configuration());
    const auto zone = findTimeZone(context.host.configuration()->host.timezone);
    JsonWriter json;
    try {
        context.stores.with([&](RunStore& store) {
            const TypedTime asked = store.askedTime(ref.name(), call.request.query.get("at", ""), *zone);
            writePublic(json, store.dueStory(ref.name(), asked.from, asked.until), asked);
            return true;
        });
    } catch (const Poco::SyntaxException& e) {
        return problem(400, "", e.message());
    }
    return jsonAnswer(json.takeLine());
}

JsonWriter& writeTimes(JsonWriter& json, TimePoint at, const TimeZone& zone) {
    return json.member("utc", toRfc3339(at)).member("local", toLocalRfc3339(at, zone));
}

void writeOffSlots(JsonWriter& json, const std::vector<OffSlot>& slots, const TimeZone& zone) {
    json.beginArray();
    for (const auto& off : slots)
        writeTimes(json.beginObject(), off.slot, zone).member("reason", textOf(off.reason)).endObject();
    json.endArray();
}

/// Times of the schedule, whether the job is enabled or not.
HttpResponse next(ApiContext& context, const WebCall& call) {
    allowOnly(call, {"n"});
    const JobRef ref = jobOf(call, *context.host.configuration());
    const std::size_t count = countOf(call, "n", 10);
    const auto settings = ref.settings();
    JsonPage page;
    if (ref.isFaulty() || settings->schedule.empty()) return jsonAnswer(page.end(""));
    const auto table = timetableOf(*settings, settings->schedule, ref.name());
    const auto zone = findTimeZone(settings->timezone);
    TimePoint after = context.clock.now();
    for (std::size_t i = 0; i < count; ++i) {
        const Ahead ahead = table->ahead(after, kOffSlots);
        if (!ahead.fires) break;
        writeTimes(page.item().beginObject(), *ahead.fires, *zone);
        if (!ahead.off.empty()) writeOffSlots(page.item().key("skipped_before"), ahead.off, *zone);
        page.item().endObject();
        after = *ahead.fires;
    }
    return jsonAnswer(page.end(""));
}

/// What its keys say of days off and blackouts.
void writeOff(JsonWriter& json, const OffTimes* off) {
    json.key("calendars").beginArray();
    if (off != nullptr)
        for (const auto& calendar : off->keys().calendars) json.value(std::string_view(calendar));
    json.endArray().key("blackouts").beginArray();
    if (off != nullptr)
        for (const auto& window : off->keys().blackout.all()) json.value(std::string_view(window.text));
    json.endArray();
}

}  // namespace

std::string jobJson(ApiContext& context, const JobRef& ref, const JobState& state) {
    const auto settings = ref.settings();
    const auto last = context.stores.with([&](RunStore& store) { return store.lastRun(ref.name()); });
    JsonWriter json;
    json.beginObject();
    const auto standings = context.standings.read();
    writeMembers(json, state, *standings);
    JsonOut<JsonForm::Public> members(json);
    members("expectations", settings->expectations);
    json.member("plugin", settings->plugin).member("task", settings->task);
    json.member("schedule", settings->schedule).member("timezone", settings->timezone);
    writeOff(json, settings->off.get());
    std::vector<Message> faults;
    for (const auto& fault : ref.isFaulty() ? ref.config().faults : std::vector<ConfigFault>{})
        faults.push_back(fault.message());
    members.said("faults", faults);
    json.key("last_run");
    last ? writePublic(json, *last) : static_cast<void>(json.raw("null"));
    return json.endObject().text();
}

void addReadRoutes(Router& router, ApiContext& context) {
    using Function = HttpResponse (*)(ApiContext&, const WebCall&);
    const std::pair<const char*, Function> routes[] = {
        {"/api/v1/status", status},          {"/api/v1/jobs", jobs},
        {"/api/v1/jobs/{job}", job},         {"/api/v1/jobs/{job}/runs", runs},
        {"/api/v1/jobs/{job}/slots", slots}, {"/api/v1/jobs/{job}/next", next},
        {"/api/v1/jobs/{job}/why", why},     {"/api/v1/runs/{run}", run},
        {"/api/v1/progress", progress}};
    for (const auto& [pattern, function] : routes)
        router.add("GET", pattern, Need::Viewer,
                   [&context, function = function](const WebCall& call) { return function(context, call); });
}

}  // namespace carillon
