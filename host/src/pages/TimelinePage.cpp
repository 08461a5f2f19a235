#include "api/ApiContext.h"
#include "pages/JobPage.h"
#include "pages/PageService.h"
#include "pages/TimelineSvg.h"
#include "schedule/TypedTime.h"

#include "Poco/Exception.h"
#include "Poco/UTF8String.h"

#include <algorithm>
#include <map>
#include <memory>

namespace carillon {
namespace {

/// What one page shows at most; the oldest runs are left out first.
constexpr std::size_t kRunsOfADay = 200'000;
/// With more of them a bar leads to its job's runs of the day: as many links would be megabytes.
constexpr std::size_t kLinkedRuns = 6'000;
/// Where a run that goes on into the day may have begun.
constexpr std::chrono::hours kSurelyLookedBack{48};
constexpr std::size_t kSlotsOfADay = 2'000;
constexpr std::size_t kPlannedOfADay = 4'000;
constexpr std::size_t kPlannedOfALane = 300;

/// What the page of a day is made from.
struct TimelineSource {
    LocalDay day{};
    std::string text{};  ///< Only jobs with it in name or title.
    std::vector<TimelineLane> lanes{};
    std::size_t runs = 0;
    bool isCut = false;                       ///< There are more runs than are shown.
    std::optional<TimePoint> lookedBackTo{};  ///< Runs that began before that were not looked at.
};

LocalDay dayOf(const PageRequest& request) {
    const Reader& reader = request.reader;
    const std::string text = request.request.query.get("day", "");
    if (text.empty()) return localDayOf(reader.now, *reader.zone);
    try {
        return localDayOf(parseTypedTime(text, *reader.zone, reader.now, Toward::Past).from, *reader.zone);
    } catch (const Poco::SyntaxException& e) {
        throw HttpRefusal(problem(400, "", "day: " + e.message()));
    }
}

bool hasText(const std::string& text, const JobRef& job) {
    return text.empty() ||
           Poco::UTF8::toLower(job.name() + '\n' + job.title()).find(Poco::UTF8::toLower(text)) != std::string::npos;
}

/// The firings of the rest of the day, if it is not over.
std::vector<TimePoint> plannedOf(const JobRef& job, const JobState& state, TimePoint now, const LocalDay& day) {
    std::vector<TimePoint> planned;
    const bool fires = state.enabled && state.next != kNever && !job.isFaulty();
    const auto settings = job.settings();
    if (!fires || day.until <= now || settings->schedule.empty()) return planned;
    const auto table = timetableOf(*settings, settings->schedule, job.name());
    TimePoint after = std::max(now, day.from - std::chrono::microseconds(1));
    while (planned.size() < kPlannedOfALane) {
        const auto next = table->nextFiring(after);
        if (!next || *next >= day.until) break;
        if (*next >= state.next) planned.push_back(*next);
        after = *next;
    }
    return planned;
}

/// Which lane is whose.
using LaneNumbers = std::map<std::string, std::size_t>;

void addRun(TimelineSource& source, const LaneNumbers& lanes, RunFigure run, TimePoint now) {
    const auto lane = lanes.find(run.job);
    if (lane == lanes.end() || run.finishedAt.value_or(now) <= source.day.from) return;
    source.lanes[lane->second].runs.push_back(std::move(run));
    ++source.runs;
}

/// Those that began on the day, and those that went on when it did. Newest first in each lane.
void readRuns(RunStore& store, const LaneNumbers& lanes, const std::vector<std::string>& goingOn, TimePoint now,
              TimelineSource& source) {
    auto runs = store.figures("", source.day.from, source.day.until, kRunsOfADay);
    source.isCut = runs.size() == kRunsOfADay;
    for (auto& run : runs) addRun(source, lanes, std::move(run), now);
    if (source.day.from > now) return;
    auto before = store.runsGoingOn(source.day.from, kSurelyLookedBack, kMostLookedAt);
    source.lookedBackTo = before.lookedBackTo;
    for (auto& run : before.rows) addRun(source, lanes, std::move(run), now);
    if (!before.lookedBackTo) return;
    for (const auto& id : goingOn)
        if (const auto run = store.run(id); run && !run->finishedAt && run->startedAt < *before.lookedBackTo)
            addRun(source, lanes, {run->id, run->job, run->startedAt, {}, {}}, now);
}

void readSlots(RunStore& store, const LaneNumbers& lanes, TimelineSource& source) {
    SlotQuery query;
    query.limit = kSlotsOfADay;
    query.since = source.day.from;
    query.until = source.day.until;
    for (const auto ending : {SlotEnding::Missed, SlotEnding::Skipped}) {
        query.ending = ending;
        for (const auto& slot : store.ledger(query))
            if (const auto lane = lanes.find(slot.job); lane != lanes.end())
                source.lanes[lane->second].slots.push_back({slot.slotAt, ending});
    }
}

void readLanes(PageService& service, const PageRequest& request, const WebCall& call, TimelineSource& source) {
    auto& context = service.context();
    const auto configuration = context.host.configuration();
    LaneNumbers lanes;
    std::vector<std::string> names;
    std::vector<std::string> goingOn;
    for (const auto& name : visibleJobs(call.caller, *configuration, "", kJobsOfAPage).names)
        if (const auto job = configuration->find(name); job && hasText(source.text, *job)) names.push_back(name);
    std::size_t planned = 0;
    for (const auto& state : context.host.jobStates(names)) {
        const auto job = configuration->find(state.job);
        if (!job) continue;
        lanes[state.job] = source.lanes.size();
        if (!state.run.empty()) goingOn.push_back(state.run);
        TimelineLane lane{state.job, state.title.empty() ? state.job : state.title, {}, {}, {}};
        if (planned < kPlannedOfADay) lane.planned = plannedOf(*job, state, request.reader.now, source.day);
        planned += lane.planned.size();
        source.lanes.push_back(std::move(lane));
    }
    context.stores.with([&](RunStore& store) {
        readRuns(store, lanes, goingOn, request.reader.now, source);
        readSlots(store, lanes, source);
        return true;
    });
}

std::string dayPath(const TimelineSource& source, std::chrono::days later) {
    LocalDay day;
    day.date = source.day.date + later;
    return "/timeline?day=" + day.text() + (source.text.empty() ? "" : "&text=" + encodeUrl(source.text));
}

/// What each colour means.
Fields coloursOf(const Texts& texts) {
    std::vector<Fields> items;
    for (const char* outcome : {"succeeded", "nothing_to_do", "failed", "stopped", "running"}) {
        Fields fields("colour", outcome);
        fields.set("words", texts.say(std::string("outcome.") + outcome));
        items.push_back(std::move(fields));
    }
    for (const char* ending : {"missed", "skipped"}) {
        Fields fields("colour", ending);
        fields.set("words", texts.say(std::string("mark.") + ending));
        items.push_back(std::move(fields));
    }
    Fields planned("colour", "planned");
    planned.set("words", texts.say("timeline.planned"));
    items.push_back(std::move(planned));
    return asList(std::move(items));
}

/// Empty: nothing can be missing.
std::string lookedBackText(const Reader& reader, const TimelineSource& source) {
    if (!source.lookedBackTo) return "";
    return reader.texts.say("timeline.lookedback", {{"at", timeText(reader, *source.lookedBackTo, TimeForm::Full)}});
}

HttpResponse showTimeline(PageService& service, const Template& page, const PageRequest& request, const WebCall& call) {
    const Texts& texts = request.texts();
    TimelineSource source;
    source.day = dayOf(request);
    source.text = request.request.query.get("text", "");
    readLanes(service, request, call, source);
    const auto grain = source.runs > kLinkedRuns ? TimelineSvg::Grain::Lane : TimelineSvg::Grain::Run;
    const TimelineSvg pictures(request.reader, source.day, grain);
    TimelineLane all;
    std::vector<Fields> rows;
    for (const auto& lane : source.lanes) {
        Fields row("job", lane.job);
        row.set("title", lane.title);
        row.set("hasSlug", asFlag(lane.title != lane.job));
        row.set("path", jobPath(lane.job));
        row.set("lane", pictures.lane(lane));
        rows.push_back(std::move(row));
        all.runs.insert(all.runs.end(), lane.runs.begin(), lane.runs.end());
        all.slots.insert(all.slots.end(), lane.slots.begin(), lane.slots.end());
    }
    Fields fields;
    fields.set("day", source.day.text());
    fields.set("text", source.text);
    fields.set("sums", laneInWords(texts, all));
    fields.set("before", dayPath(source, std::chrono::days(-1)));
    fields.set("after", dayPath(source, std::chrono::days(1)));
    setText(fields, "cut", source.isCut ? texts.say("timeline.cut", {{"n", numberText(texts, kRunsOfADay)}}) : "");
    setText(fields, "lookedBack", lookedBackText(request.reader, source));
    fields.set("axis", pictures.axis());
    fields.set("hasRows", asFlag(!rows.empty()));
    fields.set("rows", asList(std::move(rows)));
    fields.set("colours", coloursOf(texts));
    return service.frame().page(request, {texts.say("timeline.title"), "timeline"}, page.render(fields, texts));
}

}  // namespace

void addTimelinePage(Router& router, PageService& service) {
    const auto page = std::make_shared<const Template>("timeline.html");
    service.add(router, "GET", "/timeline", Need::Viewer, [&service, page](const auto& request, const auto& call) {
        return showTimeline(service, *page, request, call);
    });
}

}  // namespace carillon
